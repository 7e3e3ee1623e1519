import { expect, test } from 'vitest';
import { toAge, toDuration } from './duration.ts';

test.each([
  [40, '0.0 s'],
  [4_200, '4.2 s'],
  [12_400, '12 s'],
  [185_000, '3 min 5 s'],
  [7_440_000, '2 h 4 min'],
])('%d ms is %s', (ms, text) => {
  expect(toDuration(ms)).toBe(text);
});

test.each([
  ['2026-11-20T12:00:00.000Z', 'just now'],
  ['2026-11-20T11:55:00.000Z', '5 min ago'],
  ['2026-11-20T09:00:00.000Z', '3 h ago'],
  ['2026-11-18T09:00:00.000Z', '2026-11-18'],
])('%s at noon is %s', (at, text) => {
  expect(toAge(at, Date.UTC(2026, 10, 20, 12, 0, 30))).toBe(text);
});
