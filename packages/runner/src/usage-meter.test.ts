import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { toMarkerVariables } from './process-marker.ts';
import { parsePsUsage, parseStatUsage } from './process-usage.ts';
import { createUsageMeter } from './usage-meter.ts';

test('reads time and memory from a stat line', () => {
  const fields = Array.from({ length: 40 }, (_, index) => index);
  expect(parseStatUsage(`42 (a (b) c) ${fields.join(' ')}`)).toEqual({ cpuMs: 230, rssBytes: 21 * 4096 });
  expect(parseStatUsage('')).toBeUndefined();
});

test('reads what ps prints', () => {
  expect([...parsePsUsage('  7   2048   1:02.50\n 9 1 1-00:00:01\n')]).toEqual([
    [7, { cpuMs: 62_500, rssBytes: 2048 * 1024 }],
    [9, { cpuMs: 86_401_000, rssBytes: 1024 }],
  ]);
});

// Works a little, starts a child in a session of its own that works too, and says when both have.
const BUSY = `
  const until = performance.now() + 120;
  while (performance.now() < until);
  process.stdout.write('done');
  process.stdin.resume();
`;
const PARENT = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', ${JSON.stringify(BUSY)}], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  process.stdin.once('data', () => child.stdin.end());
  child.stdout.on('data', () => process.stdout.write('done'));
  child.on('exit', () => process.exit());
`;

test.runIf(process.platform === 'linux')(
  'adds up whole trees by session, children that left the group too',
  async () => {
    const server = `meter-${process.pid}`;
    const env = { ...process.env, ...toMarkerVariables({ session: 'ses_a', server, run: '1' }) };
    const child = spawn(process.execPath, ['-e', PARENT], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const meter = createUsageMeter({ server });
    const [first, ...others] = await meter.measure(new Map([['ses_gone', 2 ** 22 + 1]]));
    expect(others).toEqual([]);
    expect(first).toEqual({ session: 'ses_a', processes: 2, rssBytes: expect.any(Number) });
    expect(first?.rssBytes).toBeGreaterThan(2 * 10 * 1024 * 1024);
    const [second] = await meter.measure(new Map());
    expect(second?.cpuPercent).toBeGreaterThanOrEqual(0);
    // Ended in order: the child first, which lets its parent go.
    const gone = once(child, 'exit');
    child.stdin.write('go');
    await gone;
    expect(await meter.measure(new Map())).toEqual([]);
  },
);
