import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '@baton/protocol';
import { WebSocket } from 'ws';
import { z } from 'zod';

/** What a Node process holds, measured from outside through its inspector: nothing of this ships. */
export interface Holdings {
  heapMb: number;
  rssMb: number;
  files: number;
  timers: number;
  /** All that keeps the event loop alive, timers apart: sockets, pipes, watchers. */
  handles: number;
  listeners: number;
}

export interface Inspector {
  /** After a full garbage collection. */
  read(): Promise<Holdings>;
  close(): void;
}

const holdingsSchema = z.object({
  heapMb: z.number(),
  rssMb: z.number(),
  files: z.number(),
  timers: z.number(),
  handles: z.number(),
  listeners: z.number(),
});

const replySchema = z.object({
  id: z.int().optional(),
  result: z.looseObject({ result: z.looseObject({ value: z.unknown() }).optional() }).optional(),
});

// Connections that wait for a next request are kept for over a minute, as many as there were requests at once: no leak.
const CLOSE_IDLE = `process._getActiveHandles().filter((handle) => handle.closeIdleConnections?.()).length`;
const CLOSE_MS = 250;

const READ = `(() => {
  const kinds = process.getActiveResourcesInfo();
  const timers = kinds.filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
  const { heapUsed, rss } = process.memoryUsage();
  const files = process.getBuiltinModule('node:fs').readdirSync('/proc/self/fd').length;
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return { heapMb: heapUsed / 1048576, rssMb: rss / 1048576, files, timers, handles: kinds.length - timers, listeners };
})()`;

/** The address a process that was started with \`--inspect\` wrote. */
export function findInspector(output: string): string | undefined {
  return /Debugger listening on (ws:\/\/\S+)/.exec(output)?.[1];
}

export async function connectInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  let last = 0;
  const waiting = new Map<number, (value: unknown) => void>();
  socket.on('message', (data: Buffer) => {
    const parsed = parseJson(data.toString('utf8'));
    const reply = replySchema.safeParse(parsed.ok ? parsed.value : undefined);
    if (!reply.success || reply.data.id === undefined) return;
    waiting.get(reply.data.id)?.(reply.data.result?.result?.value);
    waiting.delete(reply.data.id);
  });
  function call(method: string, params: Record<string, unknown> = {}): Promise<unknown> {
    last += 1;
    const id = last;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  }
  const evaluate = (expression: string) => call('Runtime.evaluate', { expression, returnByValue: true });
  await call('HeapProfiler.enable');
  return {
    async read() {
      await evaluate(CLOSE_IDLE);
      await sleep(CLOSE_MS);
      for (let pass = 0; pass < 3; pass += 1) await call('HeapProfiler.collectGarbage');
      return holdingsSchema.parse(await evaluate(READ));
    },
    close: () => socket.terminate(),
  };
}
