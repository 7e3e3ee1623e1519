import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLineBudget } from './line-budget.ts';
import { createLog } from './log.ts';

test('lets so many of a kind through a minute, and counts the rest', () => {
  let now = 0;
  const budget = createLineBudget({ perMinute: 2, now: () => now });
  expect([budget.take('a'), budget.take('a'), budget.take('a'), budget.take('b')]).toEqual([0, 0, undefined, 0]);
  now = 59_999;
  expect(budget.take('a')).toBeUndefined();
  now = 60_000;
  expect([budget.take('a'), budget.take('a'), budget.take('a')]).toEqual([2, 0, undefined]);
});

test('a thousand refused requests are twenty lines a minute, on stderr and in the file, and say how many there were', () => {
  let now = 0;
  let told = '';
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-log-'));
  const stderr = { write: (text: string) => (told += text) };
  const log = createLog({ dataDir, level: 'info', secrets: [], stderr, now: () => now });
  for (let index = 0; index < 1000; index += 1) log.warn({ kind: 'forbidden' }, `No answer for the host "h${index}"`);
  log.error({ kind: 'internal' }, 'Something else');
  expect(told.split('\n')).toHaveLength(20 + 1 + 1);
  now = 60_000;
  log.warn({ kind: 'forbidden' }, 'No answer for the host "later"');
  log.close();
  expect(told).toContain('980 more like the next were left out\nbaton: No answer for the host "later"');
  const file = readFileSync(join(dataDir, 'logs', 'baton.log'), 'utf8');
  expect(file.match(/"level":"warn"/g)).toHaveLength(21);
  expect(file).toContain('"leftOut":980');
});
