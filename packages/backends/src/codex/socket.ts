import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@baton/protocol';
import { type ClientOptions, type RawData, WebSocket } from 'ws';
import type { Address } from './endpoint.ts';

export interface SocketOptions {
  /** Undefined while it is not known where to go. */
  address(): Address | undefined;
  /** Undefined as long as it is worth while to try; else why it is not. */
  gaveUp(): AppError | undefined;
  /** One message, in order. While a returned promise is open nothing more is read: the process feels the pressure. */
  onMessage(text: string): void | Promise<void>;
}

/** A connection to one `codex app-server`. */
export interface CodexSocket {
  /** Resolves when the system took it, or the process is gone and its end not yet read; rejects with `agent-exited` after that. */
  send(text: string): Promise<void>;
  /** Resolves when it is closed, by whomever, and every message before that was taken. */
  readonly closed: Promise<void>;
  /**
   * For a process that is gone: resolves when all that it said was taken, however long that takes. Closes the connection when
   * for so long nothing came and nothing was being taken, as when somebody else holds it open.
   */
  drain(quietMs: number): Promise<void>;
}

/** A longer message ends the connection. The longest seen are some megabytes: what a command printed, at once. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
/** It listens some 40 ms after its start, and each of them is waited for by a person; later ones are not counted. */
const EAGER_TRIES = 100;
const EAGER_MS = 2;
const PATIENT_MS = 50;

/** Connects as soon as the process listens, however often it has to try. Rejects with what `gaveUp` says. */
export async function openSocket(options: SocketOptions): Promise<CodexSocket> {
  for (let tries = 1; ; tries += 1) {
    const address = options.address();
    const socket = address === undefined ? undefined : await tryToConnect(address, options);
    if (socket !== undefined) return socket;
    const reason = options.gaveUp();
    if (reason !== undefined) throw reason;
    await sleep(tries < EAGER_TRIES ? EAGER_MS : PATIENT_MS);
  }
}

function tryToConnect(address: Address, options: SocketOptions): Promise<CodexSocket | undefined> {
  const { promise, resolve } = Promise.withResolvers<CodexSocket | undefined>();
  const bounds = { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false };
  const socket =
    'url' in address
      ? new WebSocket(address.url, { ...bounds, headers: address.headers })
      : new WebSocket('ws://localhost/', { ...bounds, createConnection: toFile(address.path) });
  const running = follow(socket, options.onMessage);
  socket.once('open', () => resolve(running));
  // An error is followed by a close, which is what counts.
  socket.on('error', () => resolve(undefined));
  // Whoever took the connection may never say a word.
  const watch = setInterval(() => {
    if (options.gaveUp() !== undefined) socket.terminate();
  }, PATIENT_MS);
  return promise.finally(() => clearInterval(watch));
}

// In an address a path would have to do without blanks, colons, and whatever else means something there.
const toFile =
  (path: string): NonNullable<ClientOptions['createConnection']> =>
  () =>
    new OpenEar().connect(path);

type Done = (error?: Error | null) => void;

/**
 * A connection on which nothing that was said is lost when the other end dies. One that cannot be written to any more would be
 * closed, with all that the system still holds of it; here what is written then goes nowhere, and the end comes by reading.
 */
class OpenEar extends Socket {
  override _write(chunk: unknown, encoding: BufferEncoding, done: Done): void {
    super._write(chunk, encoding, unlessGone(done));
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], done: Done): void {
    super._writev?.(chunks, unlessGone(done));
  }
}

const GONE: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET']);

function unlessGone(done: Done): Done {
  return (error) => done(error != null && 'code' in error && GONE.has(error.code) ? null : error);
}

function follow(socket: WebSocket, take: SocketOptions['onMessage']): CodexSocket {
  const closed = Promise.withResolvers<void>();
  const waiting: string[] = [];
  let isTaking = false;
  let isClosed = false;
  let taken = 0;

  async function takeAll(): Promise<void> {
    if (isTaking) return;
    isTaking = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        taken += 1;
        const room = take(next);
        if (room === undefined) continue;
        socket.pause();
        await room;
      }
      socket.resume();
    } catch {
      // What comes after a message that could not be taken would make no sense.
      waiting.length = 0;
      socket.terminate();
    }
    isTaking = false;
    if (isClosed) closed.resolve();
  }

  socket.on('message', (data) => {
    waiting.push(toText(data));
    void takeAll();
  });
  socket.once('close', () => {
    isClosed = true;
    if (!isTaking) closed.resolve();
  });
  return {
    closed: closed.promise,
    send: (text) =>
      new Promise((resolve, reject) => {
        socket.send(text, (error) => (error == null ? resolve() : reject(toGone(error))));
      }),
    async drain(quietMs) {
      let before: number;
      do {
        before = taken;
        await Promise.race([closed.promise, sleep(quietMs, undefined, { ref: false })]);
      } while (!(isClosed && !isTaking) && (isTaking || taken !== before));
      socket.terminate();
      await closed.promise;
    },
  };
}

function toGone(cause: Error): AppError {
  return new AppError('agent-exited', 'Codex has ended', {}, { cause });
}

function toText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');
}
