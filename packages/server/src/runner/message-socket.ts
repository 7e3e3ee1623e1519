import type { Socket } from 'node:net';
import { AppError, parseJson } from '@baton/protocol';
import { createLineSplitter } from '@baton/runner';
import type { z } from 'zod';

/** As long as a whole output of a tool may be, as JSON. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

export interface MessageSocket<Out> {
  /** What is said in one turn of the event loop goes out in one write. Nothing is said on a closed socket. */
  send(message: Out): void;
  close(): void;
}

export interface MessageSocketOptions<In> {
  schema: z.ZodType<In>;
  onMessage(message: In): void;
  /** Once, however it ended; with the fault of a peer that talks nonsense. */
  onClose(fault?: AppError): void;
}

/** JSON texts over a socket, one a line. */
export function createMessageSocket<In, Out>(socket: Socket, options: MessageSocketOptions<In>): MessageSocket<Out> {
  const { schema, onMessage, onClose } = options;
  const splitter = createLineSplitter({ maxLineBytes: MAX_LINE_BYTES });
  let waiting: string[] = [];
  let isOpen = true;

  function end(fault?: AppError): void {
    if (!isOpen) return;
    isOpen = false;
    socket.destroy();
    onClose(fault);
  }

  function flush(): void {
    if (waiting.length === 0) return;
    const text = waiting.join('');
    waiting = [];
    if (isOpen) socket.write(text);
  }

  socket.on('data', (chunk: Buffer) => {
    for (const line of splitter.push(chunk)) {
      if (!isOpen) return;
      const json = line.type === 'line' ? parseJson(line.text) : { ok: false as const };
      const parsed = json.ok ? schema.safeParse(json.value) : undefined;
      if (parsed?.success !== true) {
        const text = line.type === 'line' ? line.text.slice(0, 200) : `a line of ${line.bytes} bytes`;
        return end(new AppError('internal', `Server and runner do not understand each other: ${text}`));
      }
      onMessage(parsed.data);
    }
  });
  // A socket that fails closes, which is told there.
  socket.on('error', () => undefined);
  socket.on('close', () => end());

  return {
    send(message) {
      if (!isOpen) return;
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(`${JSON.stringify(message)}\n`);
    },
    close() {
      flush();
      socket.end();
    },
  };
}
