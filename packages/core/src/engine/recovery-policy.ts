import type { ErrorKind } from '@baton/protocol';
import type { Retry } from '../session/decision.ts';

/** How often an agent ended unasked, as far as it matters for its next start. */
export interface FailureHistory {
  /** Since something went through. */
  count: number;
  /** When, in milliseconds since the epoch, within the last ten minutes. */
  recent: readonly number[];
}

export const noFailures: FailureHistory = { count: 0, recent: [] };

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
const WINDOW_MS = 600_000;
/** Unasked ends within the window after which it is not started again by itself. */
const ATTEMPTS = 5;

// They come again with each start, which would take one of the prompts that wait with it.
const LASTING: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  ...(['invalid-input', 'forbidden', 'not-found', 'conflict', 'capability-missing'] as const),
  ...(['backend-not-installed', 'backend-not-authenticated', 'quota-exceeded'] as const),
]);

/** Whether only a person can change what an agent ended with. */
export function isLasting(kind: ErrorKind | undefined): boolean {
  return kind !== undefined && LASTING.has(kind);
}

/** What follows one more unasked end. `chance` is from 0 to 1: agents that failed together do not come back together. */
export function afterFailure(
  { count, recent }: FailureHistory,
  { now, chance }: { now: number; chance: number },
): { history: FailureHistory; retry: Retry } {
  const history = { count: count + 1, recent: [...recent.filter((at) => now - at < WINDOW_MS), now] };
  if (history.recent.length >= ATTEMPTS) return { history, retry: { kind: 'given-up', attempts: ATTEMPTS } };
  const delayMs = toDelay(count, chance);
  const at = new Date(now + delayMs).toISOString();
  const tries = { attempt: history.recent.length, attempts: ATTEMPTS - 1 };
  return { history, retry: { kind: 'later', at, delayMs, ...tries } };
}

/** 1 s, 2 s, 4 s, … up to a minute, each a quarter less or more. */
function toDelay(failuresBefore: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failuresBefore, 16));
  return Math.min(LONGEST_MS, Math.round(full * (0.75 + chance / 2)));
}
