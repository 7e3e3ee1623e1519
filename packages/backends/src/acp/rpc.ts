import type { Clock } from '@baton/core';
import { AppError } from '@baton/protocol';
import type { Reply } from './state.ts';
import type { RpcError, RpcId, RpcOutcome } from './wire.ts';

/** The agent answered a request with an error. */
export class RpcRefusal extends Error {
  readonly error: RpcError;

  constructor(method: string, error: RpcError) {
    super(`${method}: ${error.message}`);
    this.name = 'RpcRefusal';
    this.error = error;
  }
}

export interface RequestOptions {
  timeoutMs: number;
  /** Hears of the result before the next message of the agent is read; the promise may resolve later than that. */
  onResult?: (result: unknown) => void;
}

/** JSON-RPC over lines, in both directions. Messages are taken in the order in which they came. */
export interface RpcChannel {
  /** Rejects with a `RpcRefusal`, with `agent-unresponsive` after the time, or with the reason given to `close`. */
  request(method: string, params: unknown, options: RequestOptions): Promise<unknown>;
  /** A request that may take any time. Resolves when it is written; `onOutcome` is called once, unless the channel closes. */
  call(method: string, params: unknown, onOutcome: (outcome: RpcOutcome) => void): Promise<void>;
  notify(method: string, params: unknown): Promise<void>;
  reply(reply: Reply): Promise<void>;
  /**
   * Takes an answer; one to no request of ours is left alone. Our number may come back as a string; an error to a message
   * that the agent could not even read has none, and is that of the only request there is, if there is only one.
   */
  settle(id: RpcId, outcome: RpcOutcome): void;
  close(reason: AppError): void;
}

export function createRpcChannel(options: {
  title: string;
  clock: Clock;
  write(message: unknown): Promise<void>;
}): RpcChannel {
  const { title, clock, write: send } = options;
  const waiting = new Map<string, (outcome: RpcOutcome) => void>();
  const closing = Promise.withResolvers<never>();
  closing.promise.catch(() => {});
  let count = 0;
  const write = (message: object) => send({ jsonrpc: '2.0', ...message });

  async function call(method: string, params: unknown, onOutcome: (outcome: RpcOutcome) => void): Promise<void> {
    const id = (count += 1);
    waiting.set(String(id), onOutcome);
    try {
      await write({ id, method, params });
    } catch (error) {
      waiting.delete(String(id));
      throw error;
    }
  }

  async function request(method: string, params: unknown, { timeoutMs, onResult }: RequestOptions): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    promise.catch(() => {});
    const cancel = clock.after(timeoutMs, () => {
      const within = `within ${Math.round(timeoutMs / 1000)} s`;
      reject(new AppError('agent-unresponsive', `${title} did not answer "${method}" ${within}`));
    });
    try {
      await call(method, params, (outcome) => {
        if (!outcome.ok) return reject(new RpcRefusal(method, outcome.error));
        try {
          onResult?.(outcome.result);
          resolve(outcome.result);
        } catch (cause) {
          reject(toUnreadable(title, method, cause));
        }
      });
      return await Promise.race([promise, closing.promise]);
    } finally {
      cancel();
    }
  }

  function settle(id: RpcId, outcome: RpcOutcome): void {
    const key = toKey(waiting, id, outcome);
    waiting.get(key)?.(outcome);
    waiting.delete(key);
  }

  return {
    request,
    call,
    settle,
    notify: (method, params) => write({ method, params }),
    reply: ({ rpcId, ...outcome }) => write({ id: rpcId, ...outcome }),
    close(reason) {
      waiting.clear();
      closing.reject(reason);
    },
  };
}

function toKey(waiting: ReadonlyMap<string, unknown>, id: RpcId, { ok }: RpcOutcome): string {
  const [only] = waiting.size === 1 && id === null && !ok ? waiting.keys() : [];
  return only ?? String(id);
}

function toUnreadable(title: string, method: string, cause: unknown): AppError {
  const message = `${title} answered "${method}" with something that Baton cannot read`;
  return new AppError('agent-unresponsive', message, {}, { cause });
}

export const METHOD_NOT_FOUND = -32_601;
export const INVALID_PARAMS = -32_602;
export const NOT_FOUND = -32_002;
export const AUTH_REQUIRED = -32_000;
