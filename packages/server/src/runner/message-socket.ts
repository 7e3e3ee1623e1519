import type { Socket } from 'node:net';
import { AppError, parseJson } from '@baton/protocol';
import { createLineSplitter, type SplitLine } from '@baton/runner';
import type { z } from 'zod';

/** As long as a whole output of a tool may be, as JSON. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;
/** Of a peer that has not said who it is. */
const MAX_FIRST_BYTES = 4096;
/** What waits for a peer beyond which it is behind: it takes up no more than is written to it. */
const HIGH_WATER_BYTES = 8 * 1024 * 1024;

export interface MessageSocket<Out> {
  /** What is said in one turn of the event loop goes out in one write. Nothing is said on a closed socket. */
  send(message: Out): void;
  /** The peer is behind with what was said: resolves when it is not, or is gone. Undefined: it is not behind. */
  behind(): Promise<void> | undefined;
  close(): void;
}

export interface MessageSocketOptions<In> {
  schema: z.ZodType<In>;
  onMessage(message: In): void;
  /** Whether it is known who the peer is; default: yes. */
  isTrusted?(): boolean;
  /** Once, however it ended; with the fault of a peer that talks nonsense. */
  onClose(fault?: AppError): void;
}

/** JSON texts over a socket, one a line. */
export function createMessageSocket<In, Out>(socket: Socket, options: MessageSocketOptions<In>): MessageSocket<Out> {
  const { schema, onMessage, onClose, isTrusted = () => true } = options;
  const splitter = createLineSplitter({ maxLineBytes: MAX_LINE_BYTES });
  let waiting: string[] = [];
  let isOpen = true;
  let strangerBytes = 0;
  let relief: PromiseWithResolvers<void> | undefined;

  function relieve(): void {
    relief?.resolve();
    relief = undefined;
  }

  function end(fault?: AppError): void {
    if (!isOpen) return;
    isOpen = false;
    socket.destroy();
    relieve();
    onClose(fault);
  }

  function flush(): void {
    if (waiting.length === 0 || !isOpen) return;
    const text = waiting.join('');
    waiting = [];
    socket.write(text);
  }

  socket.on('data', (chunk: Buffer) => {
    if (!isTrusted()) strangerBytes += chunk.length;
    if (!isTrusted() && strangerBytes > MAX_FIRST_BYTES) return end();
    for (const line of splitter.push(chunk)) {
      if (!isOpen) return;
      const json = line.type === 'line' ? parseJson(line.text) : { ok: false as const };
      const parsed = json.ok ? schema.safeParse(json.value) : undefined;
      if (parsed?.success !== true) return end(toFault(line));
      onMessage(parsed.data);
    }
  });
  socket.on('drain', relieve);
  // A socket that fails closes, which is told there.
  socket.on('error', () => undefined);
  socket.on('close', () => end());

  return {
    send(message) {
      if (!isOpen) return;
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(toLine(message));
    },
    behind() {
      if (!isOpen || socket.writableLength < HIGH_WATER_BYTES) return undefined;
      relief ??= Promise.withResolvers<void>();
      return relief.promise;
    },
    close() {
      flush();
      socket.end();
    },
  };
}

const toLine = (message: unknown) => `${JSON.stringify(message)}\n`;

// What it said may be a prompt, or a key: it does not go into a log.
function toFault(line: SplitLine): AppError {
  const bytes = line.type === 'line' ? line.text.length : line.bytes;
  const message = `Server and runner do not understand each other: a line of ${bytes} characters`;
  return new AppError('internal', message);
}
