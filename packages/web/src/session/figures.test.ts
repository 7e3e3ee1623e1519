import { expect, test } from 'vitest';
import { formatBytes, formatCost, formatCount, formatDuration, formatTokens } from './figures.ts';

test.each([
  [0, '0.0 s'],
  [420, '0.4 s'],
  [12_400, '12 s'],
  [60_000, '1 min'],
  [185_000, '3 min 5 s'],
  [4_800_000, '1 h 20 min'],
])('%d ms reads as %s', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});

test.each([
  [940, '940'],
  [12_400, '12.4k'],
  [12_000, '12k'],
  [200_000, '200k'],
  [999_990, '1M'],
  [1_250_000, '1.3M'],
])('%d tokens read as %s', (count, words) => {
  expect(formatTokens(count)).toBe(words);
});

test('money keeps enough digits to say something', () => {
  expect([0, 0.004, 0.0421, 12.5].map(formatCost)).toEqual(['$0', '<$0.01', '$0.04', '$12.50']);
});

test('bytes and counts', () => {
  expect([812, 348_160, 4_404_019].map(formatBytes)).toEqual(['812 B', '340 KB', '4.2 MB']);
  expect([formatCount(1, 'file'), formatCount(1200, 'line')]).toEqual(['1 file', '1,200 lines']);
});
