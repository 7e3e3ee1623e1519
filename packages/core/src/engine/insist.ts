import type { Clock } from '../ports/clock.ts';
import type { Receipt } from './engine.ts';

const RETRY_MS = 1000;

/** Asks until all of it is taken, or it does not matter any more. */
export async function insist(
  ask: () => Promise<readonly Receipt[]>,
  until: { clock: Clock; isOver(): boolean },
): Promise<void> {
  const receipts = await ask();
  if (receipts.every((receipt) => receipt.ok) || until.isOver()) return;
  until.clock.after(RETRY_MS, () => void insist(ask, until));
}
