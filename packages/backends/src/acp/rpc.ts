import type { Clock } from '@baton/core';
import { AppError } from '@baton/protocol';
import { type AgentConnection, type AskOptions, type ConnectionEnds, connectAgent } from './agent-connection.ts';
import type { AgentNotification, AgentRequest } from './agent-requests.ts';
import type { Reply } from './state.ts';
import type { Incoming, RpcError, RpcOutcome } from './wire.ts';

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
  /** How much time there was so far that does not count, because the agent had to wait for a person; never less than before. */
  excusedMs?: () => number;
  /** Hears of the result before the next message of the agent is read; the promise may resolve later than that. */
  onResult?: (result: unknown) => void;
}

/** Requests, answers and notifications in both directions. Messages are taken in the order in which they came. */
export interface RpcChannel {
  /**
   * Rejects with a `RpcRefusal`, with `agent-unresponsive` after the time, of which the agent is told, or with the reason
   * given to `close`.
   */
  request(asked: AgentRequest, options: RequestOptions): Promise<unknown>;
  /** A request that may take any time. Resolves when it is written; `onOutcome` is called once, unless the channel closes. */
  call(asked: AgentRequest, onOutcome: (outcome: RpcOutcome) => void): Promise<void>;
  notify(told: AgentNotification): Promise<void>;
  /** Answers a request of the agent, once. An agent that is gone needs no answer. */
  reply(reply: Reply): void;
  /** Takes a message of the agent. While a returned promise is open nothing more may be taken. */
  take(message: Incoming): void | Promise<void>;
  close(reason: AppError): void;
}

export interface RpcOptions extends ConnectionEnds {
  title: string;
  clock: Clock;
}

/** Nothing is loaded or done before it is used. */
export function createRpcChannel(options: RpcOptions): RpcChannel {
  const closing = Promise.withResolvers<never>();
  closing.promise.catch(() => {});
  let connecting: Promise<AgentConnection> | undefined;
  let connection: AgentConnection | undefined;
  let reason: AppError | undefined;

  async function connect(): Promise<AgentConnection> {
    connection = await connectAgent(options);
    if (reason !== undefined) connection.close(reason);
    return connection;
  }

  async function ask(asked: AgentRequest, answer: AskOptions): Promise<void> {
    const connected = await (connecting ??= connect());
    await connected.ask(asked, answer);
  }

  async function take(message: Incoming): Promise<void> {
    const connected = await (connecting ??= connect());
    await connected.take(message);
  }

  return {
    async request(asked, { timeoutMs, excusedMs = () => 0, onResult }) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      promise.catch(() => {});
      const patience = new AbortController();
      const cancel = afterPatience({ clock: options.clock, timeoutMs, excusedMs }, () => {
        const within = `within ${Math.round(timeoutMs / 1000)} s`;
        reject(new AppError('agent-unresponsive', `${options.title} did not answer "${asked.method}" ${within}`));
        patience.abort();
      });
      const onOutcome = (outcome: RpcOutcome): void => {
        if (!outcome.ok) return reject(new RpcRefusal(asked.method, outcome.error));
        try {
          onResult?.(outcome.result);
          resolve(outcome.result);
        } catch (cause) {
          reject(toUnreadable(options.title, asked.method, cause));
        }
      };
      ask(asked, { onOutcome, signal: patience.signal }).catch(reject);
      return Promise.race([promise, closing.promise]).finally(cancel);
    },
    call: (asked, onOutcome) => ask(asked, { onOutcome }),
    async notify(told) {
      const connected = await (connecting ??= connect());
      await connected.tell(told);
    },
    reply: (reply) => connection?.reply(reply),
    // The library checks every update against its schema, drops what does not fit that, and says so on the console. Agents
    // send such updates today, and they need no answer, so they go past it.
    take: (message) => (isUpdate(message) ? options.hear(message) : take(message)),
    close(why) {
      reason = why;
      connection?.close(why);
      closing.reject(why);
    },
  };
}

interface Patience {
  clock: Clock;
  timeoutMs: number;
  excusedMs(): number;
}

/** The shortest time after which it is looked whether a person still has to answer. */
const LOOK_MS = 1000;

/** Calls back when so much time has passed that counts. Answers what takes that back. */
function afterPatience({ clock, timeoutMs, excusedMs }: Patience, call: () => void): () => void {
  let excused = excusedMs();
  const look = (): void => {
    const more = excusedMs() - excused;
    if (more <= 0) return call();
    excused += more;
    cancel = clock.after(Math.max(more, LOOK_MS), look);
  };
  let cancel = clock.after(timeoutMs, look);
  return () => cancel();
}

function isUpdate(message: Incoming): message is Extract<Incoming, { type: 'notification' }> {
  return message.type === 'notification' && message.method === 'session/update';
}

function toUnreadable(title: string, method: string, cause: unknown): AppError {
  const message = `${title} answered "${method}" with something that Baton cannot read`;
  return new AppError('agent-unresponsive', message, {}, { cause });
}

// The library has these only inside of the errors that it makes.
export const METHOD_NOT_FOUND = -32_601;
export const INVALID_PARAMS = -32_602;
export const NOT_FOUND = -32_002;
export const AUTH_REQUIRED = -32_000;
