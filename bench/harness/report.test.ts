import { expect, test } from 'vitest';
import { isReached, toMedian, toQuantile } from './measure.ts';
import { toReport } from './report.ts';

test('the report has a line for each figure, with its verdict', () => {
  const report = toReport([
    { name: 'start-up', value: 240.4, unit: 'ms', target: { atMost: 300 } },
    { name: 'durable appends', value: 9000, unit: '/s', target: { atLeast: 10_000 } },
    { name: 'disk sync', value: 1.234, unit: 'ms' },
  ]);
  expect(report.split('\n')).toEqual([
    'what             measured     target',
    '---------------------------------------------',
    'start-up           240 ms     <= 300  reached',
    'durable appends  9,000 /s  >= 10,000  MISSED',
    'disk sync         1.23 ms',
  ]);
});

test('a target is reached at its border', () => {
  expect(isReached(300, { atMost: 300 })).toBe(true);
  expect(isReached(300.1, { atMost: 300 })).toBe(false);
  expect(isReached(10, { atLeast: 10 })).toBe(true);
});

test('quantiles do not need sorted values', () => {
  const values = [5, 1, 4, 2, 3];
  expect(toMedian(values)).toBe(3);
  expect(toQuantile(values, 0.99)).toBe(5);
  expect(toQuantile([], 0.5)).toBe(0);
});
