import { createServer, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createMessageSocket } from './message-socket.ts';

const schema = z.object({ n: z.int() });

async function pair(): Promise<[Socket, Socket]> {
  const listener = createServer();
  const taken = new Promise<Socket>((resolve) => listener.once('connection', resolve));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const own = connect(port, '127.0.0.1');
  const other = await taken;
  onTestFinished(() => {
    own.destroy();
    other.destroy();
    listener.close();
  });
  return [own, other];
}

test('every message arrives whole and in order, also the last ones before the end', async () => {
  const [own, other] = await pair();
  const got: number[] = [];
  const closed = Promise.withResolvers<unknown>();
  createMessageSocket(other, { schema, onMessage: ({ n }) => got.push(n), onClose: closed.resolve });
  const peer = createMessageSocket(own, { schema, onMessage: () => undefined, onClose: () => undefined });
  for (let n = 0; n < 5000; n += 1) peer.send({ n });
  peer.close();
  expect(await closed.promise).toBeUndefined();
  expect(got).toEqual(Array.from({ length: 5000 }, (_, n) => n));
});

test.each([['no JSON'], ['{"n":"one"}']])(
  'a peer that says %s is cut off; what it said is nobody else’s',
  async (text) => {
    const [own, other] = await pair();
    const closed = Promise.withResolvers<Error | undefined>();
    createMessageSocket(other, { schema, onMessage: () => undefined, onClose: closed.resolve });
    own.write(`${text}\n`);
    const said = (await closed.promise)?.message;
    expect(said).toContain(`a line of ${text.length} characters`);
    expect(said).not.toContain(text);
  },
);
