import type { SessionStateName } from '@baton/protocol';
import { cx } from './cx.ts';

export const STATE_WORDS: Record<SessionStateName, string> = {
  idle: 'Idle',
  starting: 'Starting',
  running: 'Working',
  waiting: 'Needs you',
  stopped: 'Stopped',
  failed: 'Failed',
};

const COLOURS: Record<SessionStateName, string> = {
  idle: 'text-ink-3',
  starting: 'text-accent',
  running: 'text-accent',
  waiting: 'text-waiting',
  stopped: 'text-ink-3',
  failed: 'text-failed',
};

export interface StateDotProps {
  state: SessionStateName;
  /** `word` shows the word beside the glyph; `hidden` keeps it for screen readers. */
  word?: 'word' | 'hidden';
  /** Does not breathe: a working agent breathes in one place only. */
  still?: boolean;
  className?: string;
}

/** A session's state: a glyph whose shape differs, its colour, and its word. */
export function StateDot({ state, word = 'hidden', still = false, className }: StateDotProps) {
  return (
    <span className={cx('inline-flex shrink-0 items-center gap-1.5 whitespace-nowrap', COLOURS[state], className)}>
      <svg
        viewBox="0 0 12 12"
        className={cx('size-3 shrink-0', state === 'running' && !still && 'breathe')}
        aria-hidden="true"
      >
        <Glyph state={state} />
      </svg>
      <span className={word === 'word' ? 'text-xs font-medium' : 'sr-only'}>{STATE_WORDS[state]}</span>
    </span>
  );
}

const STROKE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.5, strokeLinecap: 'round' } as const;

function Glyph({ state }: { state: SessionStateName }) {
  switch (state) {
    case 'idle':
      return <circle cx="6" cy="6" r="3.25" {...STROKE} />;
    case 'starting':
      return <circle cx="6" cy="6" r="3.75" {...STROKE} strokeDasharray="2.2 2.5" />;
    case 'running':
      return <circle cx="6" cy="6" r="4" fill="currentColor" />;
    case 'waiting':
      return (
        <>
          <path d="M6 .6 11.4 6 6 11.4.6 6Z" fill="currentColor" />
          <path d="M6 3.6v2.8M6 8.3v.1" {...STROKE} stroke="var(--surface)" strokeWidth={1.4} />
        </>
      );
    case 'stopped':
      return <rect x="2.75" y="2.75" width="6.5" height="6.5" rx="1" {...STROKE} />;
    case 'failed':
      return <path d="m2.75 2.75 6.5 6.5m0-6.5-6.5 6.5" {...STROKE} strokeWidth={1.75} />;
  }
}
