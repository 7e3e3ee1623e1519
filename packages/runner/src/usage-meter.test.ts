import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { endTree } from './end-tree.ts';
import { listMarked } from './list-marked.ts';
import { toMarkerVariables } from './process-marker.ts';
import { readProcess } from './process-table.ts';
import { parsePsUsage, parseStatUsage, readHeldBytes, readUsage } from './process-usage.ts';
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
    expect(first).toMatchObject({ sessions: ['ses_a'], members: [{}, {}], cpuMs: 0 });
    expect(first).not.toHaveProperty('cpuPercent');
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

// Prints the pids of two children in sessions of their own, and waits: one for a session, one that carries its run alone.
const POOL = `
  const { spawn } = require('node:child_process');
  const forever = ['-e', 'setInterval(() => {}, 60000)'];
  const begin = (env) => spawn(process.execPath, forever, { detached: true, stdio: 'ignore', env }).pid;
  const { BATON_SESSION, ...rest } = process.env;
  process.stdout.write([begin({ ...rest, BATON_SESSION: 'ses_b' }), begin(rest)].join(' '));
  process.stdin.resume();
  setInterval(() => {}, 60000);
`;

test.runIf(process.platform === 'linux')(
  'counts a shared process for all its sessions, and what it began for one for that one',
  async () => {
    const server = `meter-pool-${process.pid}`;
    const env = { ...process.env, ...toMarkerVariables({ session: 'pool', server, run: '7' }) };
    const pool = spawn(process.execPath, ['-e', POOL], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    onTestFinished(() => void pool.kill('SIGKILL'));
    const [printed] = (await once(pool.stdout, 'data')) as [Buffer];
    const [own = 0, loose = 0] = printed.toString().split(' ').map(Number);
    onTestFinished(() => void [own, loose].map((pid) => process.kill(pid, 'SIGKILL')));
    const meter = createUsageMeter({ server });
    const root = pool.pid ?? 0;
    const toPids = async (roots: [string, number][]) =>
      (await meter.measure(new Map(roots))).map(({ sessions, members, pool: shared }) => [
        ...[sessions, members.map(({ pid }) => pid).toSorted((one, other) => one - other), shared?.pid],
      ]);
    const sorted = [root, loose].toSorted((one, other) => one - other);
    const two: [string, number][] = [
      ['ses_a', root],
      ['ses_b', root],
    ];
    expect(await toPids(two)).toEqual([
      [['ses_b'], [own], undefined],
      [['ses_a', 'ses_b'], sorted, root],
    ]);
    expect(await toPids([['ses_b', root]])).toEqual([
      [['ses_b'], [root, own, loose].toSorted((one, other) => one - other), root],
    ]);
    expect(await readHeldBytes([root])).toBeLessThan((await readUsage([root])).get(root)?.rssBytes ?? 0);
  },
);

test('ends a tree that is no child, unless another process has its number', async () => {
  const server = `meter-end-${process.pid}`;
  const env = { ...process.env, ...toMarkerVariables({ session: 'pool', server, run: '8' }) };
  const pool = spawn(process.execPath, ['-e', POOL], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void pool.kill('SIGKILL'));
  await once(pool.stdout, 'data');
  const root = await readProcess(pool.pid ?? 0);
  if (root === undefined) throw new Error('It did not start');
  await endTree({ ...root, startTime: '1' }, { server });
  expect(pool.signalCode).toBeNull();
  const gone = once(pool, 'exit');
  await endTree(root, { server });
  await gone;
  expect(pool.signalCode).toBe('SIGTERM');
  expect(await listMarked({ server })).toEqual([]);
});
