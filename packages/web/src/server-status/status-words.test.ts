import type { ServerStatus } from '@baton/protocol';
import { expect, test } from 'vitest';
import { findTroubles, formatMs, formatPercent, formatSize, formatUptime, sumAgents } from './status-words.ts';

test('figures have the unit a person would take', () => {
  expect([812, 5 * 1024 ** 2, 12.44 * 1024 ** 3].map(formatSize)).toEqual(['812 B', '5.0 MB', '12.4 GB']);
  expect([undefined, 0, 0.42, 3.4, 180].map(formatPercent)).toEqual(['–', '0 %', '0.4 %', '3 %', '180 %']);
  expect([0.44, 18.2].map(formatMs)).toEqual(['0.4 ms', '18 ms']);
  expect([65_000, 12 * 86_400_000].map(formatUptime)).toEqual(['1 min 5 s', '12 days']);
});

test('agents add up, those not measured twice too', () => {
  const agent = { title: 'a', processes: 2, rssBytes: 10 };
  expect(sumAgents([agent, { ...agent, cpuPercent: 5 }])).toEqual({ processes: 4, rssBytes: 20, cpuPercent: 5 });
});

test('what has to be mended is said, and nothing when all is well', () => {
  const store = { writable: true };
  const good = { store, disk: { freeBytes: 1024 ** 4, totalBytes: 1 }, eventLoop: { p99Ms: 3 } };
  expect(findTroubles(good as ServerStatus)).toEqual([]);
  const bad = { store: { writable: false }, disk: { freeBytes: 5 }, eventLoop: { p99Ms: 900 } };
  expect(findTroubles(bad as ServerStatus)).toHaveLength(3);
});
