import { AppError, createId, type SessionId } from '@baton/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBatonClient, type BatonClient, type BatonClientOptions } from '../src/index.ts';
import { startFaultServer, type FaultServer } from './fault-server.ts';
import { createHurriedClock } from './hurried-clock.ts';
import { until } from './until.ts';

let server: FaultServer;
let clients: BatonClient[];

beforeEach(async () => {
  server = await startFaultServer();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  await server.close();
});

function connect(options: Partial<BatonClientOptions> = {}): BatonClient {
  const client = createBatonClient({
    url: server.url,
    key: server.key,
    clock: createHurriedClock(),
    scheduler: queueMicrotask,
    validate: true,
    ...options,
  });
  clients.push(client);
  return client;
}

function startTurn(sessionId: SessionId): void {
  server.append(sessionId, {
    type: 'turn.started',
    turnId: createId('turn'),
    input: [{ type: 'text', text: 'go' }],
    by: 'ada',
  });
}

function addNotices(sessionId: SessionId, count: number): void {
  for (let index = 1; index <= count; index += 1) {
    server.append(sessionId, { type: 'notice.raised', level: 'info', text: `notice ${index}` });
  }
}

test('comes online and says who the user is', async () => {
  const client = connect();
  const state = await until(client.connection, ({ status }) => status === 'online');
  expect(state).toMatchObject({ user: { name: 'Ada' }, serverVersion: '0.1.0' });
});

test('a key the server does not know ends in unauthenticated, and reconnect tries again', async () => {
  server.refuse(true);
  const client = connect();
  await until(client.connection, ({ status }) => status === 'unauthenticated');
  server.refuse(false);
  client.reconnect();
  await until(client.connection, ({ status }) => status === 'online');
  expect(server.connections).toBe(1);
});

test('an open session shows the log and goes on live', async () => {
  const sessionId = server.create();
  startTurn(sessionId);
  const handle = connect().openSession(sessionId);
  await until(handle, ({ status }) => status === 'live');
  expect(handle.get().timeline).toEqual(server.timeline(sessionId));
  server.write(sessionId, 'Hello');
  server.write(sessionId, ', world');
  await until(handle, ({ timeline }) => textOf(timeline) === 'Hello, world');
  server.endItem(sessionId);
  await until(handle, ({ timeline }) => timeline.seq === server.timeline(sessionId).seq);
  expect(handle.get().timeline).toEqual(server.timeline(sessionId));
  expect(handle.get().view).toEqual(server.view(sessionId));
});

test('handles of one session share one subscription, and a closed one lingers', async () => {
  const sessionId = server.create();
  const client = connect();
  const first = client.openSession(sessionId);
  const second = client.openSession(sessionId);
  await until(first, ({ status }) => status === 'live');
  first.close();
  first.close();
  second.close();
  expect(client.openSession(sessionId).get().status).toBe('live');
});

test('a session that does not exist is gone, and comes to life when it is made', async () => {
  const client = connect();
  await until(client.connection, ({ status }) => status === 'online');
  const sessionId = createId('session');
  const handle = client.openSession(sessionId);
  await until(handle, ({ status }) => status === 'gone');
  server.create(sessionId);
  await until(handle, ({ status }) => status === 'live');
  expect(handle.get().timeline).toEqual(server.timeline(sessionId));
});

test('a deleted session is gone', async () => {
  const sessionId = server.create();
  const handle = connect().openSession(sessionId);
  await until(handle, ({ status }) => status === 'live');
  server.delete(sessionId);
  const gone = await until(handle, ({ status }) => status === 'gone');
  expect(gone.timeline.seq).toBe(1);
});

test('a long session loads its end first and its beginning when asked', async () => {
  const sessionId = server.create();
  startTurn(sessionId);
  addNotices(sessionId, 2500);
  const handle = connect({ window: 100 }).openSession(sessionId);
  const loaded = await until(handle, ({ status }) => status === 'live');
  expect(loaded.hasOlder).toBe(true);
  expect(loaded.timeline.marks).toHaveLength(100);
  expect(loaded.view?.seq).toBe(2502);
  await handle.loadOlder();
  expect(handle.get().timeline.marks).toHaveLength(1100);
  await Promise.all([handle.loadOlder(), handle.loadOlder()]);
  expect(handle.get().timeline.marks).toHaveLength(2100);
  await handle.loadOlder();
  await handle.loadOlder();
  expect(handle.get().hasOlder).toBe(false);
  expect(handle.get().timeline).toEqual(server.timeline(sessionId));
});

test('what streams survives loading older parts', async () => {
  const sessionId = server.create();
  startTurn(sessionId);
  addNotices(sessionId, 50);
  server.write(sessionId, 'half a ');
  const handle = connect({ window: 20 }).openSession(sessionId);
  await until(handle, ({ status }) => status === 'live');
  await handle.loadOlder();
  server.write(sessionId, 'sentence');
  await until(handle, ({ timeline }) => textOf(timeline) === 'half a sentence');
  expect(handle.get().timeline).toEqual(server.timeline(sessionId));
});

test('a cut connection resumes where it stopped', async () => {
  const sessionId = server.create();
  startTurn(sessionId);
  const client = connect();
  const handle = client.openSession(sessionId);
  await until(handle, ({ status }) => status === 'live');
  server.cutAfter(0);
  await until(handle, ({ status }) => status === 'stale');
  server.write(sessionId, 'while you were away');
  await until(handle, ({ status }) => status === 'live');
  await until(handle, ({ timeline }) => textOf(timeline) === 'while you were away');
  expect(handle.get().timeline).toEqual(server.timeline(sessionId));
});

test('a line that goes dead without a word is noticed and replaced', async () => {
  const client = connect();
  await until(client.connection, ({ status }) => status === 'online');
  server.deafen();
  const offline = await until(client.connection, ({ status }) => status === 'offline');
  expect(offline).toMatchObject({ reason: 'The server stopped answering' });
  await until(client.connection, ({ status }) => status === 'online');
  expect(server.connections).toBe(2);
});

test('an event that is left out is asked for again', async () => {
  const sessionId = server.create();
  const handle = connect().openSession(sessionId);
  await until(handle, ({ status }) => status === 'live');
  server.skipNext();
  addNotices(sessionId, 3);
  await until(handle, ({ timeline }) => timeline.seq === 4);
  expect(handle.get().timeline).toEqual(server.timeline(sessionId));
});

test('a replaced log is forgotten and read anew', async () => {
  const sessionId = server.create();
  addNotices(sessionId, 5);
  const handle = connect().openSession(sessionId);
  await until(handle, ({ timeline }) => timeline.seq === 6);
  const created = { type: 'session.created' as const, backend: 'worker', cwd: '/home/ada/other', by: 'ada' };
  server.replace(sessionId, [created, { type: 'notice.raised', level: 'info', text: 'another history' }]);
  await until(handle, ({ timeline }) => timeline.seq === 2);
  expect(handle.get().timeline).toEqual(server.timeline(sessionId));
  expect(handle.get().view?.cwd).toBe('/home/ada/other');
});

test('a prompt shows at once and gives way to its turn', async () => {
  const sessionId = server.create();
  const client = connect();
  const handle = client.openSession(sessionId);
  await until(handle, ({ status }) => status === 'live');
  const sent = client.send({ type: 'turn.start', sessionId, input: 'Build it' });
  expect(handle.get().optimistic).toMatchObject([{ input: [{ type: 'text', text: 'Build it' }] }]);
  expect(client.pending.get()).toHaveLength(1);
  await sent;
  await until(handle, ({ timeline }) => timeline.turns.length === 1);
  expect(handle.get().optimistic).toEqual([]);
  expect(client.pending.get()).toEqual([]);
});

test('a refused prompt is taken back and rejects with the refusal', async () => {
  const sessionId = server.create();
  const client = connect();
  const handle = client.openSession(sessionId);
  await until(handle, ({ status }) => status === 'live');
  server.refuseCommands(new AppError('backend-not-installed', 'Claude Code is not installed'));
  const sent = client.send({ type: 'turn.start', sessionId, input: 'Build it' });
  await expect(sent).rejects.toMatchObject({ kind: 'backend-not-installed', message: 'Claude Code is not installed' });
  expect(handle.get().optimistic).toEqual([]);
});

test('what is added to a running turn shows at once and gives way to what the log says', async () => {
  const sessionId = server.create();
  startTurn(sessionId);
  const client = connect();
  const handle = client.openSession(sessionId);
  await until(handle, ({ timeline }) => timeline.turns.length === 1);
  const turnId = handle.get().timeline.turns[0]?.turnId;
  const sent = client.send({ type: 'turn.steer', sessionId, ...(turnId && { turnId }), input: 'Mind the tests' });
  expect(handle.get().steering).toMatchObject([{ turnId, input: [{ type: 'text', text: 'Mind the tests' }] }]);
  await sent;
  await until(handle, ({ timeline }) => timeline.turns[0]?.items.length === 1);
  expect(handle.get().steering).toEqual([]);
});

test('what came too late for its turn becomes a prompt of its own, once', async () => {
  const sessionId = server.create();
  const storage = createStorage();
  const client = connect({ storage });
  const handle = client.openSession(sessionId);
  await until(handle, ({ status }) => status === 'live');
  server.refuseCommands(new AppError('turn-not-running', 'The turn has ended'));
  const sent = client.send({ type: 'turn.steer', sessionId, input: 'Mind the tests' }, { id: 'cmd_late' });
  await expect(sent).resolves.toEqual({ done: 'turn.start' });
  await until(handle, ({ timeline }) => timeline.turns.length === 1);
  expect(handle.get()).toMatchObject({ optimistic: [], steering: [] });
  expect(handle.get().timeline.turns[0]?.input).toEqual([{ type: 'text', text: 'Mind the tests' }]);
  expect(server.applied).toHaveLength(1);
  expect(server.applied).not.toContain('cmd_late');
  expect(storage.items.size).toBe(0);
});

test('an addition outlives a reload, and becomes a prompt when it comes too late then', async () => {
  const sessionId = server.create();
  const storage = createStorage();
  server.refuse(true);
  const first = connect({ storage });
  const lost = first.send({ type: 'turn.steer', sessionId, input: 'Remember me' });
  first.close();
  await expect(lost).rejects.toMatchObject({ kind: 'server-unreachable' });
  server.refuse(false);
  server.refuseCommands(new AppError('turn-not-running', 'The turn has ended'));
  const second = connect({ storage });
  const handle = second.openSession(sessionId);
  expect(handle.get().steering).toHaveLength(1);
  await until(handle, ({ timeline }) => timeline.turns.length === 1);
  await until(second.pending, (pending) => pending.length === 0);
  expect(handle.get()).toMatchObject({ optimistic: [], steering: [] });
  expect(server.applied).toHaveLength(1);
  expect(storage.items.size).toBe(0);
});

test('an addition that an agent cannot take is given back', async () => {
  const sessionId = server.create();
  const client = connect();
  const handle = client.openSession(sessionId);
  await until(handle, ({ status }) => status === 'live');
  server.refuseCommands(new AppError('capability-missing', 'It cannot'));
  await expect(client.send({ type: 'turn.steer', sessionId, input: 'x' })).rejects.toMatchObject({
    kind: 'capability-missing',
  });
  expect(handle.get()).toMatchObject({ optimistic: [], steering: [] });
});

test('a command whose receipt was lost is sent again with its id and done once', async () => {
  const sessionId = server.create();
  const client = connect();
  await until(client.connection, ({ status }) => status === 'online');
  server.cutBeforeReceipt();
  await expect(client.send({ type: 'turn.start', sessionId, input: 'Once' }, { id: 'cmd_1' })).resolves.toEqual({
    done: 'turn.start',
  });
  expect(server.applied).toEqual(['cmd_1']);
});

test('a command the server had no time for goes again by itself', async () => {
  const sessionId = server.create();
  const client = connect();
  await until(client.connection, ({ status }) => status === 'online');
  server.refuseCommands(new AppError('rate-limited', 'Slow down'));
  await client.send({ type: 'session.start', sessionId }, { id: 'cmd_1' });
  expect(server.applied).toEqual(['cmd_1']);
});

test('a command given while offline waits and goes in order', async () => {
  const sessionId = server.create();
  const client = connect();
  const all = [1, 2, 3].map((n) => client.send({ type: 'session.start', sessionId }, { id: `cmd_${n}` }));
  await Promise.all(all);
  expect(server.applied).toEqual(['cmd_1', 'cmd_2', 'cmd_3']);
});

test('an invalid command is refused here and never sent', async () => {
  const client = connect();
  await expect(client.send({ type: 'turn.start', sessionId: 'nonsense', input: 'x' })).rejects.toMatchObject({
    kind: 'invalid-input',
  });
  expect(client.pending.get()).toEqual([]);
});

test('unacknowledged commands outlive a reload, except those that carry an environment', async () => {
  const sessionId = server.create();
  const storage = createStorage();
  server.refuse(true);
  const first = connect({ storage });
  const lost = [
    first.send({ type: 'turn.start', sessionId, input: 'Remember me' }, { id: 'cmd_kept' }),
    first.send({ type: 'session.create', backend: 'worker', cwd: '/tmp', env: { TOKEN: 'secret' } }),
  ];
  first.close();
  for (const each of lost) await expect(each).rejects.toMatchObject({ kind: 'server-unreachable' });
  expect([...storage.items.values()].join()).not.toContain('secret');
  server.refuse(false);
  const second = connect({ storage });
  const handle = second.openSession(sessionId);
  expect(handle.get().optimistic).toHaveLength(1);
  await until(handle, ({ timeline }) => timeline.turns.length === 1);
  await until(second.pending, (pending) => pending.length === 0);
  expect(server.applied).toEqual(['cmd_kept']);
  expect(storage.items.size).toBe(0);
});

test('the list of sessions follows what happens', async () => {
  const sessionId = server.create();
  const client = connect();
  await until(client.sessions, ({ status }) => status === 'live');
  expect(client.sessions.get().sessions.map(({ id }) => id)).toEqual([sessionId]);
  server.append(sessionId, { type: 'session.configured', title: 'New name', by: 'ada' });
  await until(client.sessions, ({ sessions }) => sessions[0]?.title === 'New name');
  server.cutAfter(0);
  await until(client.sessions, ({ status }) => status === 'stale');
  await until(client.sessions, ({ status }) => status === 'live');
});

test('a closed client refuses commands and says it is closed', async () => {
  const client = connect();
  await until(client.connection, ({ status }) => status === 'online');
  client.close();
  expect(client.connection.get()).toEqual({ status: 'closed' });
  await expect(client.send({ type: 'session.start', sessionId: server.create() })).rejects.toMatchObject({
    kind: 'server-unreachable',
  });
});

function textOf(timeline: { turns: readonly { items: readonly { item: object }[] }[] }): string | undefined {
  const item = timeline.turns.at(-1)?.items.at(-1)?.item;
  return item !== undefined && 'text' in item ? String(item.text) : undefined;
}

function createStorage() {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}
