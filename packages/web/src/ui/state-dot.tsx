import type { SessionStateName } from '@baton/protocol';
import { cx } from './cx.ts';

/** Beside the states of the log: without a place to start in yet, and put to sleep until the next prompt. */
export type ShownState = SessionStateName | 'queued' | 'asleep';

export const STATE_WORDS: Record<ShownState, string> = {
  idle: 'Idle',
  starting: 'Starting',
  running: 'Working',
  waiting: 'Needs you',
  stopped: 'Stopped',
  failed: 'Failed',
  queued: 'Waits',
  asleep: 'Asleep',
};

const COLOURS: Record<ShownState, string> = {
  idle: 'text-ink-3',
  starting: 'text-accent',
  running: 'text-accent',
  waiting: 'text-waiting',
  stopped: 'text-ink-3',
  failed: 'text-failed',
  queued: 'text-ink-2',
  asleep: 'text-ink-3',
};

export interface StateDotProps {
  state: ShownState;
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

function Glyph({ state }: { state: ShownState }) {
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
    case 'queued':
      return (
        <>
          <circle cx="6" cy="6" r="4.25" {...STROKE} />
          <path d="M6 3.5V6l1.6 1.2" {...STROKE} strokeWidth={1.25} />
        </>
      );
    case 'asleep':
      return <path d="M10.2 7.3A4.6 4.6 0 1 1 4.7 1.8a3.6 3.6 0 0 0 5.5 5.5Z" {...STROKE} strokeLinejoin="round" />;
    case 'failed':
      return <path d="m2.75 2.75 6.5 6.5m0-6.5-6.5 6.5" {...STROKE} strokeWidth={1.75} />;
  }
}
