import { expect, test } from 'vitest';
import { type Activity, toQuietSince, toRest } from './rest-policy.ts';

const MINUTE = 60_000;
const idle: Activity = { isIdle: true, isWorking: false, unwatchedSince: 0, askedAt: 0, changedAt: 0, heardAt: 0 };
const working: Activity = { ...idle, isIdle: false, isWorking: true };
const restAt = (activity: Partial<Activity>, minutes: number, sleepAfterMs = 30 * MINUTE) =>
  toRest({ ...idle, ...activity }, { now: minutes * MINUTE, sleepAfterMs });

test('an agent sleeps when it had nothing to do for long and nobody watches', () => {
  expect([restAt({}, 29), restAt({}, 30)]).toEqual([undefined, 'sleep']);
  expect(restAt({}, 10_000, 0)).toBeUndefined();
  expect(restAt({ unwatchedSince: undefined }, 10_000)).toBeUndefined();
  expect(restAt({ isIdle: false }, 10_000)).toBeUndefined();
  expect(restAt({ changedAt: 5 * MINUTE }, 30)).toBeUndefined();
  expect(restAt({ askedAt: 5 * MINUTE }, 30)).toBeUndefined();
  expect(restAt({ unwatchedSince: 30 * MINUTE }, 30)).toBe('sleep');
});

test('an agent at work is left only where that was chosen, and when nobody watched or asked for so long', () => {
  const chosen = { ...working, stopUnwatchedMinutes: 5 };
  expect([restAt(working, 10_000), restAt(chosen, 4), restAt(chosen, 5)]).toEqual([undefined, undefined, 'leave']);
  expect(restAt({ ...chosen, askedAt: MINUTE }, 5)).toBeUndefined();
  expect(restAt({ ...chosen, unwatchedSince: MINUTE }, 5)).toBeUndefined();
  expect(restAt({ ...chosen, unwatchedSince: undefined }, 10_000)).toBeUndefined();
});

test('an agent that should be at work and says nothing for two minutes is quiet', () => {
  expect(toQuietSince(working, 2 * MINUTE - 1)).toBeUndefined();
  expect(toQuietSince({ ...working, heardAt: 5 }, 2 * MINUTE + 5)).toBe(5);
  expect(toQuietSince({ ...working, askedAt: MINUTE }, 2 * MINUTE)).toBeUndefined();
  expect(toQuietSince({ ...working, isWorking: false }, 100 * MINUTE)).toBeUndefined();
});
