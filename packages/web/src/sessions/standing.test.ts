import { expect, test } from 'vitest';
import { toStanding } from './standing.ts';

const now = Date.UTC(2026, 10, 20, 12);

test('a session that waits for a place, or whose agent has gone quiet, says so', () => {
  expect(toStanding({}, now)).toBeUndefined();
  expect(toStanding({ waiting: { position: 1 } }, now)).toBe('Next in the queue');
  expect(toStanding({ waiting: { position: 3 } }, now)).toBe('3. in the queue');
  const quietSince = new Date(now - 150_000).toISOString();
  expect(toStanding({ quietSince }, now)).toBe('Quiet for 2 min');
});
