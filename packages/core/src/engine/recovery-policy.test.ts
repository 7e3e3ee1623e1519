import { expect, test } from 'vitest';
import { afterFailure, type FailureHistory, noFailures } from './recovery-policy.ts';

function failEvery(gapMs: number, times: number, chance = 0.5) {
  let history: FailureHistory = noFailures;
  return Array.from({ length: times }, (_, index) => {
    const after = afterFailure(history, { now: index * gapMs, chance });
    history = after.history;
    return after.retry.kind === 'later' ? after.retry.delayMs : after.retry.kind;
  });
}

test('an agent comes back a little later each time, and not at all the fifth time in ten minutes', () => {
  expect(failEvery(1000, 5)).toEqual([1000, 2000, 4000, 8000, 'given-up']);
});

test('the wait is never longer than a minute, and failures far apart are no reason to give up', () => {
  expect(failEvery(200_000, 9)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('chance makes the wait a quarter shorter or longer', () => {
  expect([failEvery(1000, 2, 0), failEvery(1000, 2, 1)]).toEqual([
    [750, 1500],
    [1250, 2500],
  ]);
  expect(failEvery(200_000, 9, 1).at(-1)).toBe(60_000);
});
