import { downFrameSchema, parseJson, type DownFrame } from '@baton/protocol';
import { createFrameCollector } from '@baton/testkit';
import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { OWNER_KEY } from './test-server.ts';

export interface LiveClient {
  readonly socket: WebSocket;
  /** Everything that came, each parsed by the protocol's own schema. */
  readonly frames: readonly DownFrame[];
  send(frame: unknown): void;
  sendText(text: string): void;
  /** The first frame of a type, past or future, that fits. */
  until<T extends DownFrame['type']>(
    type: T,
    fits?: (frame: Extract<DownFrame, { type: T }>) => boolean,
  ): Promise<Extract<DownFrame, { type: T }>>;
  /** The next frame of a type that comes after this call. */
  untilNext(type: DownFrame['type']): Promise<DownFrame>;
  readonly closed: Promise<{ code: number; reason: string }>;
}

export interface LiveOptions {
  /** False: it says nothing. */
  hello?: boolean;
  /** Instead of the owner's key. */
  cookie?: string;
  socket?: ClientOptions;
}

/** Opens a live socket, as the owner. */
export async function openLive(port: number, options: LiveOptions = {}): Promise<LiveClient> {
  const { hello = true, cookie } = options;
  const headers = cookie === undefined ? { authorization: `Bearer ${OWNER_KEY}` } : { cookie };
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/live`, { ...options.socket, headers });
  const collector = createFrameCollector<DownFrame>();
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  socket.on('message', (data: Buffer) => collector.send(parseFrame(data.toString())));
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const client: LiveClient = {
    socket,
    frames: collector.frames,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendText: (text) => socket.send(text),
    async until(type, fits = () => true) {
      type Wanted = Extract<DownFrame, { type: typeof type }>;
      return (await collector.until((frame) => frame.type === type && fits(frame as Wanted))) as Wanted;
    },
    untilNext(type) {
      const seen = new Set(collector.frames);
      return collector.until((frame) => frame.type === type && !seen.has(frame));
    },
    closed,
  };
  if (hello) {
    client.send({ type: 'hello', protocol: 1, client: 'test' });
    await client.until('welcome');
  }
  return client;
}

/** The status and body of an upgrade that was refused. */
export function refusedUpgrade(
  port: number,
  options: ClientOptions = {},
  path = '/api/v1/live',
): Promise<{ status: number; type: string | undefined; text: string }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
  return new Promise((resolve, reject) => {
    socket.once('open', () => reject(new Error('The upgrade was not refused')));
    socket.once('error', () => undefined);
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
  });
}

function parseFrame(text: string): DownFrame {
  const parsed = parseJson(text);
  return downFrameSchema.parse(parsed.ok ? parsed.value : undefined);
}
