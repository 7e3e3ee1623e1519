import { createServer } from 'node:net';
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { createLink } from '@baton/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { COMMANDS } from '../src/commands.ts';
import { runCli } from '../src/run-cli.ts';
import { createFakeTerminal } from './fake-terminal.ts';
import { createWorkplace, type Workplace } from './workplace.ts';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.close());

test('help is everywhere and gives examples', async () => {
  const names = [
    'serve',
    'run',
    'ls',
    'attach',
    'approve',
    'deny',
    'steer',
    'fork',
    'checkpoints',
    'tasks',
    'open',
    'agents',
    'doctor',
    'backup',
    'restore',
    'rehearse',
    'clean',
    'service',
  ];
  for (const name of names) {
    const terminal = createFakeTerminal();
    expect(await place.baton([name, '--help'], terminal)).toBe(0);
    expect(terminal.printed).toMatch(/Examples?:\n/);
  }
  const terminal = createFakeTerminal();
  expect(await place.baton(['--help'], terminal)).toBe(0);
  for (const name of names) expect(terminal.printed).toContain(`  ${name} `);
  expect(await place.baton(['--version'], terminal)).toBe(0);
});

test('without a server the commands that need one end with 5 and say how to start it', async () => {
  for (const args of [['ls'], ['attach', 'x'], ['approve'], ['deny'], ['open'], ['fork', 'x'], ['tasks']]) {
    const terminal = createFakeTerminal();
    expect(await place.baton(args, terminal)).toBe(5);
    expect(terminal.said).toContain('baton serve');
  }
});

test('what a killed server left behind does not get the key', async () => {
  const asked: string[] = [];
  const thief = createServer((socket) =>
    socket.on('data', (data) => asked.push(data.toString())).on('error', () => {}),
  );
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  const { port } = thief.address() as AddressInfo;
  await mkdir(join(place.home, 'data'));
  await writeFile(join(place.home, 'data', 'owner.key'), 'the-secret-key\n');
  const file = {
    pid: 2 ** 22 + 1,
    url: `http://127.0.0.1:${port}`,
    startedAt: '2026-11-20T12:00:00Z',
    version: '0.1.0',
  };
  await writeFile(join(place.home, 'data', 'server.json'), JSON.stringify(file));
  expect(await place.baton(['ls'])).toBe(5);
  expect(asked.join()).not.toContain('the-secret-key');
  thief.close();
});

test('a wrong key ends with 5 and is not repeated', async () => {
  const server = await place.serve();
  const terminal = createFakeTerminal();
  expect(await place.baton(['ls', '--url', server.url, '--key', 'wrong-key'], terminal)).toBe(5);
  expect(terminal.said + terminal.printed).not.toContain('wrong-key');
});

test('open prints the link and nothing else', async () => {
  const server = await place.serve();
  const terminal = createFakeTerminal();
  expect(await place.baton(['open'], terminal)).toBe(0);
  expect(terminal.printed).toBe(`${server.link}\n`);
});

test('ls lists sessions on a line each, and says where nothing is', async () => {
  await place.serve();
  const empty = createFakeTerminal();
  expect(await place.baton(['ls'], empty)).toBe(0);
  expect(empty.printed).toBe('');
  expect(empty.said).toContain('No sessions yet');
  await place.baton(['run', '-b', 'worker', '--title', 'First\u001b]0;x\u0007', '[scene simple] hi']);
  const list = createFakeTerminal();
  expect(await place.baton(['ls'], list)).toBe(0);
  expect(list.printed.trimEnd().split('\n')).toHaveLength(1);
  expect(list.printed).toMatch(/^ses_\w+ {2}stopped .*worker .*First\\x1b/);
});

test('an approval is answered from elsewhere, and the run goes on', async () => {
  const server = await place.serve();
  for (const [verb, outcome] of [
    ['approve', /^✓ printf/m],
    ['deny', /^✗ printf.* {2}denied/m],
  ] as const) {
    const terminal = createFakeTerminal({ answers: [] });
    const code = place.baton(['run', '-b', 'worker', '[scene approval] go'], terminal);
    await terminal.shows(/\? printf/);
    const other = createFakeTerminal();
    expect(await place.baton([verb], other)).toBe(0);
    expect(other.printed).toContain('printf');
    expect(await code).toBe(0);
    expect(terminal.said).toMatch(outcome);
  }
  const none = createFakeTerminal();
  expect(await place.baton(['approve'], none)).toBe(1);
  expect(none.said).toContain('Nothing waits for an answer');
  expect(await place.baton(['approve', 'apr_nothing'], none)).toBe(1);
  expect(server.url).toContain('127.0.0.1');
});

test('several approvals are listed, and an unknown option lists what is offered', async () => {
  const server = await place.serve();
  const link = createLink({ url: server.url, key: server.ownerKey });
  const runs = [1, 2].map(() => createFakeTerminal({ answers: [] }));
  const codes = runs.map((terminal) => place.baton(['run', '-b', 'worker', '[scene approval] go'], terminal));
  for (const terminal of runs) await terminal.shows(/\? printf/);
  const terminal = createFakeTerminal();
  expect(await place.baton(['approve'], terminal)).toBe(2);
  const ids = [...terminal.said.matchAll(/apr_\w+/g)].map(([id]) => id);
  expect(ids).toHaveLength(2);
  const wrong = createFakeTerminal();
  expect(await place.baton(['approve', ids[0] ?? '', '--option', 'maybe'], wrong)).toBe(2);
  expect(wrong.said).toContain('allow-once');
  for (const id of ids) expect(await place.baton(['deny', id.slice(-12), '--note', 'not now'])).toBe(0);
  expect(await Promise.all(codes)).toEqual([0, 0]);
  link.close();
});

test('backup while running, refuse to restore while running, restore after', async () => {
  const server = await place.serve();
  await place.baton(['run', '-b', 'worker', '[scene simple] keep me']);
  const file = join(place.home, 'copy.db');
  const terminal = createFakeTerminal();
  expect(await place.baton(['backup', file], terminal)).toBe(0);
  expect(terminal.printed).toMatch(/Copied 1 sessions with \d+ events/);
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect(await place.baton(['backup', file], terminal)).toBe(1);
  expect(await place.baton(['restore', file], terminal)).toBe(1);
  expect(terminal.said).toContain('Stop it first');
  await place.baton(['run', '-b', 'worker', '[scene simple] forget me']);
  await server.stop();
  expect(await place.baton(['restore', join(place.home, 'nowhere.db')])).not.toBe(0);
  expect(await place.baton(['restore', file], terminal)).toBe(0);
  await place.serve();
  const list = createFakeTerminal();
  await place.baton(['ls'], list);
  expect(list.printed.trimEnd().split('\n')).toHaveLength(1);
});

test('the doctor finds what must be mended, with and without a server', async () => {
  const finding = (text: string, id: string) => {
    const parsed = parseJson(text);
    const all: unknown[] = parsed.ok && Array.isArray(parsed.value) ? parsed.value : [];
    return all.find((each) => typeof each === 'object' && each !== null && 'id' in each && each.id === id);
  };
  const alone = createFakeTerminal();
  expect(await place.baton(['doctor', '--json'], alone)).toBe(1);
  expect(finding(alone.printed, 'node')).toMatchObject({ status: 'good' });
  expect(finding(alone.printed, 'server')).toMatchObject({ detail: expect.stringContaining('not running') });
  expect(finding(alone.printed, 'agents')).toMatchObject({
    status: 'bad',
    mend: expect.stringContaining('Claude Code'),
  });
  await place.serve();
  await chmod(join(place.home, 'data', 'owner.key'), 0o644);
  const served = createFakeTerminal();
  await place.baton(['doctor', '--json'], served);
  expect(finding(served.printed, 'server')).toMatchObject({ detail: expect.stringContaining('runs at') });
  expect(finding(served.printed, 'privacy')).toMatchObject({ status: 'bad', mend: expect.stringContaining('chmod') });
  const text = createFakeTerminal();
  expect(await place.baton(['doctor'], text)).toBe(1);
  expect(text.printed).toMatch(/^✗ Privacy .*\n.*→ chmod/m);
});

test('the doctor looks at all else although it has no key for the server that runs', async () => {
  await place.serve();
  await rm(join(place.home, 'data', 'owner.key'));
  const terminal = createFakeTerminal();
  expect(await place.baton(['doctor'], terminal)).toBe(1);
  expect(terminal.printed).toMatch(/^✗ Server .*there is none.*BATON_OWNER_KEY.*\n.*→ /m);
  expect(terminal.printed).toMatch(/^✓ Node\.js/m);
  expect(terminal.printed).toContain('Baton worker');
  expect(terminal.printed).not.toContain('Port');
});

test('the doctor names who has the port and which folder is missing', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const terminal = createFakeTerminal();
  const env = { ...place.env, BATON_PORT: `${port}`, BATON_ROOTS: join(place.home, 'missing') };
  const context = { terminal, env, cwd: place.cwd, now: () => 0 };
  expect(await runCli(COMMANDS, ['doctor'], context)).toBe(1);
  expect(terminal.printed).toMatch(new RegExp(`Port ${port} .*used by`));
  expect(terminal.printed).toContain('missing does not exist');
  other.close();
});
