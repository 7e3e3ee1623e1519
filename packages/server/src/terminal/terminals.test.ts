import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, terminalDownSchema, type BackendView, type TerminalDown, type TerminalUp } from '@baton/protocol';
import { createManualClock, createScriptedBackend } from '@baton/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { AgentSource } from '../agents/agent-registry.ts';
import type { KnownAgent } from '../agents/known-agent.ts';
import {
  makeFolder,
  OWNER_KEY,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from '../../test/test-server.ts';
import { TERMINAL_LIFE_MS } from './terminal-session.ts';

const ASKS = `echo "Open https://login.test/abc"
printf "Code: "
read code
echo "You typed $code, $(stty size)"
[ "$code" = 42 ]`;

async function startWith(script: string, more: TestServerOptions = {}): Promise<TestServer> {
  const path = join(makeFolder(), 'sign-in');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  const known: KnownAgent = {
    ...{ id: 'tiny', title: 'Tiny', program: 'tiny', login: ['auth', 'login'], keys: [], passes: ['TINY_*'] },
    proxy: 'unknown',
  };
  const view: BackendView = {
    ...{ id: 'tiny', title: 'Tiny', installed: true, path, authenticated: 'no' },
    ...{ capabilities: [], models: [], modes: [] },
  };
  const source: AgentSource = {
    ...{ id: 'tiny', kind: 'preset', command: path, isFixed: true },
    create: () => ({ ...createScriptedBackend().backend, id: 'tiny', title: 'Tiny', probe: async () => view }),
  };
  const env = { PATH: process.env['PATH'], HOME: makeFolder(), TINY_HOME: 'passed', SECRET: 'kept' };
  return startTestServer({ ...more, settings: { env }, agents: { sources: [source], known: [known] } });
}

interface Screen {
  socket: WebSocket;
  text(): string;
  send(frame: TerminalUp): void;
  until(text: string): Promise<void>;
  /** The last frame, once the socket is closed. */
  readonly ended: Promise<TerminalDown | undefined>;
}

function open(server: TestServer, query = 'backend=tiny&cols=100&rows=30'): Screen {
  const headers = { authorization: `Bearer ${OWNER_KEY}` };
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/terminal?${query}`, { headers });
  onTestFinished(() => socket.terminate());
  const frames: TerminalDown[] = [];
  const text = () => frames.map((frame) => (frame.type === 'output' ? frame.data : '')).join('');
  socket.on('message', (data: Buffer) => {
    const parsed = parseJson(data.toString());
    frames.push(terminalDownSchema.parse(parsed.ok ? parsed.value : undefined));
  });
  const ended = new Promise<TerminalDown | undefined>((resolve) => socket.once('close', () => resolve(frames.at(-1))));
  return {
    socket,
    text,
    ended,
    send: (frame) => socket.send(JSON.stringify(frame)),
    until: (wanted) => vi.waitFor(() => expect(text()).toContain(wanted), { timeout: 60_000, interval: 10 }),
  };
}

/** The status with which an upgrade was refused. */
function refused(server: TestServer, query: string, headers: Record<string, string> = {}): Promise<number> {
  const own = { authorization: `Bearer ${OWNER_KEY}`, ...headers };
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/terminal?${query}`, { headers: own });
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => reject(new Error('The terminal opened')));
    socket.on('error', () => undefined);
  });
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('the agent asks for a code, gets it, and how it ended is told', async () => {
  const server = await startWith(ASKS);
  const screen = open(server);
  await screen.until('Code: ');
  expect(screen.text()).toContain('https://login.test/abc');
  screen.send({ type: 'resize', cols: 90, rows: 20 });
  screen.send({ type: 'input', data: '42\r' });
  await screen.until('You typed 42, 20 90');
  expect(await screen.ended).toEqual({ type: 'exit', code: 0 });
});

test('it gets its own command and its own environment, and nothing else of the server', async () => {
  const server = await startWith('echo "<$*> <$TINY_HOME> <$SECRET> <$BATON_OWNER_KEY> <$TERM>"');
  const screen = open(server, 'backend=tiny&command=rm&args=-rf');
  await screen.ended;
  expect(screen.text()).toContain('<auth login> <passed> <> <> <xterm-256color>');
});

test('a wrong code is an exit code, and another try may begin', async () => {
  const server = await startWith(ASKS);
  for (const code of ['1', '2']) {
    const screen = open(server);
    await screen.until('Code: ');
    screen.send({ type: 'input', data: `${code}\r` });
    expect(await screen.ended).toEqual({ type: 'exit', code: 1 });
  }
});

test('closing the page ends the program and all it started', async () => {
  const file = join(makeFolder(), 'pids');
  const server = await startWith(`trap "" TERM HUP\nsleep 600 &\necho "$$ $!" > ${file}\necho ready\nwait`);
  const screen = open(server);
  await screen.until('ready');
  const pids = readFileSync(file, 'utf8').trim().split(' ').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  screen.socket.close();
  await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), { timeout: 60_000 });
});

test('a flood is ended with a word', async () => {
  const server = await startWith('exec yes "a line that says nothing and says it again and again"');
  const screen = open(server);
  expect(await screen.ended).toMatchObject({ type: 'error', message: expect.stringContaining('8 MB') });
});

test('nobody leaves it open for ever', async () => {
  const clock = createManualClock();
  const server = await startWith('echo ready; sleep 600', { clock });
  const screen = open(server);
  await screen.until('ready');
  clock.advance(TERMINAL_LIFE_MS + 1);
  expect(await screen.ended).toMatchObject({ type: 'error', message: expect.stringContaining('15 minutes') });
});

test('what the page sends is checked', async () => {
  const server = await startWith('sleep 600');
  const screen = open(server);
  await new Promise((resolve) => screen.socket.once('open', resolve));
  screen.socket.send('{"type":"run","command":"id"}');
  expect(await screen.ended).toMatchObject({ type: 'error' });
});

test('the doors: no key, another site, another host, an unknown agent, one that is open already', async () => {
  const server = await startWith('echo ready; sleep 600');
  expect(await refused(server, 'backend=tiny', { authorization: 'Bearer wrong' })).toBe(401);
  expect(await refused(server, 'backend=tiny', { origin: 'https://evil.example' })).toBe(403);
  expect(await refused(server, 'backend=tiny', { host: 'evil.example' })).toBe(403);
  expect(await refused(server, 'backend=nobody')).toBe(404);
  expect(await refused(server, 'backend=../tiny')).toBe(404);
  expect(await refused(server, 'backend=tiny&cols=9999999')).toBe(400);
  const screen = open(server);
  await screen.until('ready');
  expect(await refused(server, 'backend=tiny')).toBe(409);
});

test('an agent without a sign-in of its own says so', async () => {
  const server = await startTestServer();
  const made = { id: 'goose-2', title: 'Goose', command: 'goose' };
  await server.ask('/api/v1/agents', { method: 'POST', body: made });
  const screen = open(server, 'backend=goose-2');
  expect(await screen.ended).toMatchObject({
    type: 'error',
    message: expect.stringContaining('no sign-in of its own'),
  });
});
