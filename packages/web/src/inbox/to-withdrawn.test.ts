import { expect, test } from 'vitest';
import { toWithdrawn } from './to-withdrawn.ts';

test('what was withdrawn is told for a day, the newest first', () => {
  const now = Date.parse('2026-11-21T12:00:00.000Z');
  const closed = (closedAt?: string) => ({ closedAt });
  const asks = [
    closed('2026-11-20T11:59:00.000Z'),
    closed('2026-11-21T08:00:00.000Z'),
    closed('2026-11-21T11:00:00.000Z'),
    closed(),
  ];
  expect(toWithdrawn(asks, now)).toEqual([asks[2], asks[1]]);
});
