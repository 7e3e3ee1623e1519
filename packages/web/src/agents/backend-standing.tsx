import type { BackendView } from '@baton/protocol';
import { Check } from 'lucide-react';
import { toStanding } from './agent-words.ts';
import { Badge } from '../ui/badge.tsx';

/** Whether a session can start with this agent now, in one or two words. */
export function BackendStanding({ backend }: { backend: BackendView }) {
  const { words, tone } = toStanding(backend);
  if (words !== 'Ready') return <Badge tone={tone}>{words}</Badge>;
  return (
    <span className="inline-flex h-5 shrink-0 items-center gap-1 text-xs text-ink-2">
      <Check size={13} strokeWidth={2} className="text-accent" aria-hidden="true" />
      Ready
    </span>
  );
}
