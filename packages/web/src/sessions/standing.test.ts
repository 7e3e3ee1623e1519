import { expect, test } from 'vitest';
import { toShownState } from './shown-state.ts';
import { toStanding } from './standing.ts';

const now = Date.UTC(2026, 10, 20, 12);

test('a session that waits for a place, or whose agent has gone quiet, says so', () => {
  expect(toStanding({}, now)).toBeUndefined();
  expect(toStanding({ waiting: { position: 1 } }, now)).toBe('next in the queue');
  expect(toStanding({ waiting: { position: 3 } }, now)).toBe('3rd in the queue');
  expect(toStanding({ waiting: { position: 12 } }, now)).toBe('12th in the queue');
  const quietSince = new Date(now - 150_000).toISOString();
  expect(toStanding({ quietSince }, now)).toBe('quiet for 2 min');
});

test('a session whose last turn failed is seen to have failed until something else is asked of it', () => {
  const failure = { kind: 'model-failed', message: 'Overloaded' } as const;
  expect(toShownState({ state: 'idle', failure })).toBe('failed');
  expect(toShownState({ state: 'running', failure })).toBe('running');
  expect(toShownState({ state: 'idle' })).toBe('idle');
});

test('what was put to sleep is told from what somebody stopped', () => {
  expect(toShownState({ state: 'stopped' })).toBe('stopped');
  expect(toShownState({ state: 'stopped', stopReason: 'unwatched' })).toBe('stopped');
  expect(toShownState({ state: 'stopped', stopReason: 'unused' })).toBe('asleep');
  expect(toShownState({ state: 'stopped', stopReason: 'room' })).toBe('asleep');
  expect(toShownState({ state: 'starting', waiting: { position: 1 } })).toBe('queued');
});
