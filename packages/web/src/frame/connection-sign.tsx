import { CircleCheck, CloudOff, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { useConnection } from '../live/baton-provider.tsx';
import { cx } from '../ui/cx.ts';
import { toConnectionWords, type ConnectionTone } from './connection-words.ts';

const ICONS: Record<ConnectionTone, ReactNode> = {
  online: <CircleCheck size={13} strokeWidth={1.75} aria-hidden="true" />,
  trying: <LoaderCircle size={13} strokeWidth={1.75} className="turning" aria-hidden="true" />,
  offline: <CloudOff size={13} strokeWidth={1.75} aria-hidden="true" />,
};

/** The truth about the line: an icon, a word, and the delay when it is known. */
export function ConnectionSign() {
  const state = useConnection();
  const { tone, words } = toConnectionWords(state);
  const latency = state.status === 'online' ? state.latencyMs : undefined;
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 whitespace-nowrap',
        tone === 'offline' ? 'text-waiting' : 'text-ink-3',
      )}
    >
      {ICONS[tone]}
      {words}
      {latency !== undefined && <span className="tabular">{Math.max(1, Math.round(latency))} ms</span>}
    </span>
  );
}
