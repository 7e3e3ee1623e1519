import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { openSocket } from './socket.ts';

/** Listens on a file; what it does with a client is the test's. */
async function listen(serve: (client: WebSocket) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'codex-socket-'));
  const path = join(folder, 'x.sock');
  const server = createServer().listen(path);
  const sockets = new WebSocketServer({ server }).on('connection', serve);
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const client of sockets.clients) client.terminate();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return path;
}

const COUNT = 150;
const FILLER = 'x'.repeat(1000);

test('nothing that was said is lost when the other end dies, although it is written to all the time', async () => {
  const path = await listen((client) => {
    client.once('message', () => {
      for (let at = 1; at < COUNT; at += 1) client.send(`${at} ${FILLER}`);
      client.send(`${COUNT} ${FILLER}`, () => client.terminate());
    });
  });
  const heard: number[] = [];
  const socket = await openSocket({
    address: () => ({ path }),
    gaveUp: () => undefined,
    async onMessage(text) {
      socket.send('are you there').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 2));
      heard.push(Number.parseInt(text, 10));
    },
  });
  await socket.send('begin');
  await socket.closed;
  expect(heard).toEqual(Array.from({ length: COUNT }, (_, at) => at + 1));
  await expect(socket.send('and now')).rejects.toMatchObject({ kind: 'agent-exited' });
});
