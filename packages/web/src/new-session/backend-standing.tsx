import type { BackendView } from '@baton/protocol';
import { Check } from 'lucide-react';
import { Badge } from '../ui/badge.tsx';

/** Whether a session can start with this agent now, in one or two words. */
export function BackendStanding({ backend }: { backend: BackendView }) {
  if (backend.rehearsal === true) return <Badge tone="accent">Rehearsal</Badge>;
  if (!backend.installed) return <Badge>Not installed</Badge>;
  if (backend.breaker !== undefined) {
    const at = new Date(backend.breaker.retryAt).toLocaleTimeString();
    return (
      <span title={`${backend.breaker.reason}. Tried again at ${at}`}>
        <Badge tone="waiting">Failing</Badge>
      </span>
    );
  }
  if (backend.authenticated === 'no') return <Badge tone="waiting">Not signed in</Badge>;
  if (backend.problem !== undefined) return <Badge tone="waiting">Needs mending</Badge>;
  return (
    <span className="inline-flex h-5 shrink-0 items-center gap-1 text-xs text-ink-3">
      <Check size={13} strokeWidth={2} aria-hidden="true" />
      Ready
    </span>
  );
}
