import type { DownFrame } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { createConnection, type ConnectionOptions } from './connection.ts';
import type { SocketListener } from './socket.ts';

const WELCOME = {
  type: 'welcome',
  protocol: 1,
  serverId: 'srv_1',
  version: '1.0.0',
  user: { id: 'usr_1', name: 'Ada', role: 'owner' },
};

// A line whose far end is the test.
function createLine(overrides: Partial<ConnectionOptions> = {}) {
  const clock = createManualClock();
  const sockets: { listener: SocketListener; sent: string[]; dropped: boolean }[] = [];
  const received: DownFrame[] = [];
  const told: string[] = [];
  let wake = () => {};
  const connection = createConnection({
    url: 'ws://127.0.0.1:1/api/v1/live',
    headers: {},
    name: 'test',
    openSocket({ listener }) {
      const socket = { listener, sent: [] as string[], dropped: false };
      sockets.push(socket);
      return { send: (text) => void socket.sent.push(text), drop: () => void (socket.dropped = true) };
    },
    clock,
    random: () => 1,
    environment: {
      onWake(listener) {
        wake = listener;
        return () => void (wake = () => {});
      },
    },
    isRefused: () => Promise.resolve(false),
    listener: {
      online: () => void told.push('online'),
      offline: () => void told.push('offline'),
      received: (frame) => void received.push(frame),
      tooLarge: () => void told.push('too large'),
    },
    ...overrides,
  });
  const last = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  const goOnline = () => {
    last().listener.opened();
    last().listener.received(JSON.stringify(WELCOME));
  };
  return { clock, connection, sockets, received, told, last, goOnline, wake: () => wake() };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('greets, comes online, and only then sends', () => {
  const line = createLine();
  expect(line.connection.send({ type: 'ping' })).toBe(false);
  line.last().listener.opened();
  expect(line.last().sent).toEqual(['{"type":"hello","protocol":1,"client":"test"}']);
  line.goOnline();
  expect(line.connection.state.get().status).toBe('online');
  expect(line.connection.send({ type: 'ping' })).toBe(true);
  expect(line.told).toEqual(['online']);
});

test('an idle line is asked after two seconds and given up three seconds later', () => {
  const line = createLine();
  line.goOnline();
  line.clock.advance(2_000);
  expect(line.last().sent.at(-1)).toBe('{"type":"ping"}');
  line.clock.advance(2_999);
  expect(line.connection.state.get().status).toBe('online');
  line.clock.advance(1);
  expect(line.connection.state.get()).toMatchObject({ status: 'offline', reason: 'The server stopped answering' });
  expect(line.sockets[0]?.dropped).toBe(true);
  expect(line.told).toEqual(['online', 'offline']);
});

test('a line that talks is never asked', () => {
  const line = createLine();
  line.goOnline();
  for (let second = 0; second < 20; second += 1) {
    line.clock.advance(1_000);
    line.last().listener.received('{"type":"pong"}');
  }
  expect(line.last().sent.filter((text) => text.includes('ping'))).toEqual([]);
});

test('waking asks at once, and an answer keeps the line', () => {
  const line = createLine();
  line.goOnline();
  line.wake();
  expect(line.last().sent.at(-1)).toBe('{"type":"ping"}');
  line.clock.advance(40);
  line.last().listener.received('{"type":"pong"}');
  expect(line.connection.state.get()).toMatchObject({ status: 'online', latencyMs: 40 });
});

test('waking ends a wait at once', async () => {
  const line = createLine();
  line.last().listener.closed(1006, '');
  await settle();
  expect(line.connection.state.get().status).toBe('offline');
  line.wake();
  expect(line.sockets).toHaveLength(2);
});

test('a server that never opens or never answers is given up after ten seconds', async () => {
  for (const opens of [false, true]) {
    const line = createLine();
    if (opens) line.last().listener.opened();
    line.clock.advance(10_000);
    await settle();
    expect(line.connection.state.get()).toMatchObject({
      status: 'offline',
      reason: 'The server did not answer in 10 s',
    });
  }
});

test('a check that never ends is given up after five seconds', () => {
  const line = createLine({ isRefused: () => new Promise(() => {}) });
  line.last().listener.closed(1006, '');
  expect(line.connection.state.get().status).toBe('connecting');
  line.clock.advance(5_000);
  expect(line.connection.state.get()).toMatchObject({ status: 'offline', reason: 'The server cannot be reached' });
});

test('a refused identity stops the trying until somebody asks for it', async () => {
  const line = createLine({ isRefused: () => Promise.resolve(true) });
  line.last().listener.closed(1006, '');
  await settle();
  expect(line.connection.state.get()).toEqual({ status: 'unauthenticated' });
  line.clock.advance(3_600_000);
  line.wake();
  expect(line.sockets).toHaveLength(1);
  line.connection.reconnect();
  expect(line.sockets).toHaveLength(2);
});

test('a session that is signed out elsewhere is told so', () => {
  const line = createLine();
  line.goOnline();
  line.last().listener.closed(4401, 'signed out');
  expect(line.connection.state.get()).toEqual({ status: 'unauthenticated' });
});

test('what the server cannot say or we cannot read ends the connection, what is new to us does not', () => {
  const line = createLine();
  line.goOnline();
  line.last().listener.received('{"type":"weather","sky":"blue"}');
  expect(line.connection.state.get().status).toBe('online');
  line.last().listener.received('{"type":"event"');
  expect(line.connection.state.get()).toMatchObject({ status: 'offline' });
});

test("the server's own words are the reason of a loss", () => {
  const line = createLine();
  line.goOnline();
  const error = { type: '', title: '', status: 400, detail: 'Update the client', kind: 'invalid-input', retry: false };
  line.last().listener.received(JSON.stringify({ type: 'error', error }));
  line.last().listener.closed(1002, 'protocol');
  expect(line.connection.state.get()).toMatchObject({ reason: 'Update the client' });
});

test('a message that was too large is told', () => {
  const line = createLine();
  line.goOnline();
  line.last().listener.closed(1009, '');
  expect(line.told).toContain('too large');
});

test('closing drops the socket and every timer', () => {
  const line = createLine();
  line.goOnline();
  line.connection.close();
  line.clock.advance(3_600_000);
  line.wake();
  line.connection.reconnect();
  expect(line.sockets).toHaveLength(1);
  expect(line.sockets[0]?.dropped).toBe(true);
  expect(line.connection.state.get()).toEqual({ status: 'closed' });
});
