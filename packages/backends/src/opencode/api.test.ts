import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createApi, insist } from './api.ts';

/** A server that does with each request what the test says, by its number. */
async function serve(answer: (count: number) => 'break' | 'wait' | 'well', timeoutMs = 60_000) {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    const how = answer(count);
    if (how === 'break') request.socket.destroy();
    if (how === 'well') response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const api = createApi({ url: `http://127.0.0.1:${port}`, password: 'secret', timeoutMs });
  const connections = new Set<unknown>();
  server.on('connection', (socket) => connections.add(socket));
  return { ask: () => insist(() => api.send('/work', {})), count: () => count, connections };
}

test('what a broken connection may have lost is asked again, a few times', async () => {
  const twice = await serve((count) => (count < 3 ? 'break' : 'well'));
  await twice.ask();
  expect(twice.count()).toBe(3);
  const always = await serve(() => 'break');
  await expect(always.ask()).rejects.toMatchObject({ kind: 'agent-unresponsive' });
  expect(always.count()).toBe(3);
});

test('no connection is kept, which the next server at the same address would not know', async () => {
  const { ask, connections } = await serve(() => 'well');
  await ask();
  await ask();
  expect(connections.size).toBe(2);
});

test('what took too long is not asked again', async () => {
  const slow = await serve(() => 'wait', 200);
  await expect(slow.ask()).rejects.toThrow('did not answer in time');
  expect(slow.count()).toBe(1);
});
