import type { Clock } from '@baton/core';
import { AppError } from '@baton/protocol';
import { NotWritten } from '@baton/runner';
import type { RequestId } from './wire.ts';

export interface ConnectionOptions {
  write(line: string): Promise<void>;
  clock: Clock;
}

/** Requests to Codex and their answers. */
export interface Connection {
  /**
   * Resolves with the answer. Rejects with a `RpcError` when Codex refuses, with `agent-unresponsive` when it does not
   * answer in time, and with the reason of `close` when it is gone.
   */
  request(method: string, params: unknown, withinMs: number): Promise<unknown>;
  /** Tells without waiting for an answer. */
  notify(method: string): Promise<void>;
  reply(id: RequestId, result: unknown): Promise<void>;
  refuse(id: RequestId, message: string): Promise<void>;
  settle(answer: {
    id: number;
    result: unknown;
    error: { code: number; message: string; data?: unknown } | undefined;
  }): void;
  close(reason: AppError): void;
}

/** Codex refused a request. */
export class RpcError extends AppError {
  readonly code: number;

  constructor(method: string, error: { code: number; message: string }) {
    super('agent-unresponsive', `Codex refused ${method}: ${error.message.slice(0, 500)}`);
    this.code = error.code;
  }
}

/** Above 128 open requests Codex drops some without a word. */
const MAX_OPEN = 32;
const OVERLOADED = -32_001;
const RETRY_MS = 200;
const MAX_RETRIES = 5;

interface Waiting {
  method: string;
  params: unknown;
  retries: number;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { write } = options;
  const requests = createRequests(options);
  return {
    ...requests,
    notify: (method) => write(JSON.stringify({ method })),
    reply: (id, result) => write(JSON.stringify({ id, result })),
    refuse: (id, message) => write(JSON.stringify({ id, error: { code: -32_000, message } })),
  };
}

function createRequests({ write, clock }: ConnectionOptions): Pick<Connection, 'request' | 'settle' | 'close'> {
  const open = new Map<number, Waiting>();
  const queue: Waiting[] = [];
  let last = 0;
  let closed: AppError | undefined;

  function send(waiting: Waiting): void {
    if (closed !== undefined) return waiting.reject(new NotWritten(closed.message, closed.kind));
    if (open.size >= MAX_OPEN) return void queue.push(waiting);
    last += 1;
    const id = last;
    open.set(id, waiting);
    write(JSON.stringify({ id, method: waiting.method, params: waiting.params })).catch((error: Error) => {
      if (open.delete(id)) waiting.reject(error);
    });
  }

  function sendNext(): void {
    const next = queue.shift();
    if (next !== undefined) send(next);
  }

  function giveUp(waiting: Waiting): void {
    const at = queue.indexOf(waiting);
    if (at !== -1) queue.splice(at, 1);
    for (const [id, other] of open) if (other === waiting) open.delete(id);
    sendNext();
  }

  return {
    async request(method, params, withinMs) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const waiting: Waiting = { method, params, retries: 0, resolve, reject };
      const cancel = clock.after(withinMs, () => {
        giveUp(waiting);
        const text = `Codex did not answer ${method} within ${Math.round(withinMs / 1000)} s`;
        reject(new AppError('agent-unresponsive', text));
      });
      send(waiting);
      return promise.finally(cancel);
    },
    settle({ id, result, error }) {
      const waiting = open.get(id);
      if (waiting === undefined || !open.delete(id)) return;
      if (error?.code === OVERLOADED && waiting.retries < MAX_RETRIES) {
        waiting.retries += 1;
        clock.after(RETRY_MS * waiting.retries, () => send(waiting));
      } else if (error !== undefined) waiting.reject(new RpcError(waiting.method, error));
      else waiting.resolve(result);
      sendNext();
    },
    close(reason) {
      closed = reason;
      const all = [...open.values(), ...queue];
      open.clear();
      queue.length = 0;
      for (const waiting of all) waiting.reject(reason);
    },
  };
}
