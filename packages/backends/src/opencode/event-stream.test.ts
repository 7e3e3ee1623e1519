import { type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createManualClock } from '@baton/testkit';
import { z } from 'zod';
import { createApi } from './api.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import { systemClock } from '../agent/system-clock.ts';

let server: Server | undefined;
let stream: EventStream | undefined;
afterEach(() => {
  stream?.close();
  server?.closeAllConnections();
  server?.close();
});

interface Line {
  response: ServerResponse;
  authorization: string | undefined;
}

/** A server of events; each connection is handed out when it comes. */
async function serve(): Promise<{ url: string; next(): Promise<Line> }> {
  const lines: Line[] = [];
  const waiting: ((line: Line) => void)[] = [];
  server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(toData({ type: 'server.connected', properties: {} }));
    const line = { response, authorization: request.headers.authorization };
    const taker = waiting.shift();
    if (taker === undefined) lines.push(line);
    else taker(line);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    next: () => {
      const line = lines.shift();
      return line === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(line);
    },
  };
}

const toData = (payload: object) => `data: ${JSON.stringify({ directory: '/work', payload })}\n\n`;

function open(url: string, options: { clock?: typeof systemClock } = {}) {
  const heard: unknown[] = [];
  /** The events by their types, and the gaps between them. */
  const order: string[] = [];
  const gap = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  stream = openEventStream({
    api: createApi({ url, password: 'secret', timeoutMs: 5000 }),
    clock: options.clock ?? systemClock,
    streamMs: 25_000,
    onEvent(event) {
      heard.push(event.payload);
      order.push(z.object({ type: z.string() }).parse(event.payload).type);
      if (JSON.stringify(event.payload).includes('last')) told.resolve();
    },
    onGap() {
      order.push('gap');
      if (heard.length > 0) gap.resolve();
    },
  });
  return { heard, order, gap: gap.promise, told: told.promise, ready: stream.ready };
}

test('hears events with their folder, however they are cut, and not their copies', async () => {
  const { url, next } = await serve();
  const { heard, told, ready } = open(url);
  const { response, authorization } = await next();
  await ready;
  expect(authorization).toBe(`Basic ${Buffer.from('opencode:secret').toString('base64')}`);
  const whole = toData({ type: 'one', properties: { text: 'grün' } });
  response.write(Buffer.from(whole).subarray(0, 61));
  response.write(Buffer.from(whole).subarray(61));
  response.write(`${toData({ type: 'sync' })}: a comment\n\n${toData({ type: 'last' })}`);
  await told;
  expect(heard).toMatchObject([
    { type: 'server.connected' },
    { type: 'one', properties: { text: 'grün' } },
    { type: 'last' },
  ]);
});

test('a connection that ends is made anew, and the gap is told', async () => {
  const { url, next } = await serve();
  const { heard, gap, told } = open(url);
  (await next()).response.destroy();
  const again = await next();
  await gap;
  again.response.write(toData({ type: 'last' }));
  await told;
  expect(heard).toMatchObject([{ type: 'server.connected' }, { type: 'server.connected' }, { type: 'last' }]);
});

// OpenCode greets whoever connects some time before it begins to pass on to them what happens.
test('what fell between a greeting and the first event is looked for, before that event and when none comes', async () => {
  const clock = createManualClock();
  const { url, next } = await serve();
  const { order, gap, told, ready } = open(url, { clock });
  const first = await next();
  await ready;
  first.response.write(toData({ type: 'one' }));
  await expect.poll(() => order).toEqual(['server.connected', 'gap', 'one']);
  first.response.destroy();
  const step = setInterval(() => clock.advance(100), 5);
  const again = await next();
  await gap;
  await expect.poll(() => order.slice(3)).toEqual(['gap', 'server.connected', 'gap']);
  clearInterval(step);
  again.response.write(toData({ type: 'last' }));
  await told;
  expect(order.slice(6)).toEqual(['gap', 'last']);
});

test('a connection that only keeps silent is made anew as well', async () => {
  const clock = createManualClock();
  const { url, next } = await serve();
  const { heard, gap, ready } = open(url, { clock });
  await next();
  await ready;
  // The heart has stopped; then the pause before the next try.
  clock.advance(25_000);
  const step = setInterval(() => clock.advance(200), 5);
  await next();
  await gap;
  clearInterval(step);
  expect(heard.length).toBeGreaterThan(0);
});

test('a server that is not there is told at once', async () => {
  const { url } = await serve();
  server?.close();
  await expect(open(url.replace(/\d+$/, '1')).ready).rejects.toMatchObject({ kind: 'agent-unresponsive' });
});
