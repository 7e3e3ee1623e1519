import type { AnyMessage, ClientConnection, ErrorResponse, JsonRpcId } from '@agentclientprotocol/sdk';
import { toJsonLine } from '@baton/protocol';
import type { AgentNotification, AgentRequest } from './agent-requests.ts';
import type { Reply } from './state.ts';
import type { AgentAsk, Call, Incoming, RpcOutcome } from './wire.ts';

// Building the checks of its schema costs some 30 ms, so it comes with the first agent and not with the server.
const loadLibrary = () => import('@agentclientprotocol/sdk');
type Library = Awaited<ReturnType<typeof loadLibrary>>;

export interface ConnectionEnds {
  /** Takes one message for the agent, as a line without its end. */
  write(line: string): Promise<void>;
  /**
   * Hears of what the agent asks and tells; of a request with a signal, which aborts when the agent takes it back. A returned
   * promise means that no more should be read before it resolves.
   */
  hear(call: Call, signal?: AbortSignal): void | Promise<void>;
}

export interface AskOptions {
  /** Called once, with the agent's answer, before the next message of it is taken; never after the connection closed. */
  onOutcome(outcome: RpcOutcome): void;
  /** Tells the agent, once aborted, that nobody waits for its answer any more. */
  signal?: AbortSignal;
}

/** Connects to an agent with the protocol's own library. */
export async function connectAgent(ends: ConnectionEnds): Promise<AgentConnection> {
  return new AgentConnection(await loadLibrary(), ends);
}

/**
 * The library's connection, fed message by message: it numbers what is asked, knows who waits for which answer, and answers
 * each request of the agent once. What it gets is put right before, because it takes no message that is not quite one.
 */
export class AgentConnection {
  readonly #library: Library;
  readonly #ends: ConnectionEnds;
  readonly #connection: ClientConnection;
  /** Numbers of what was asked and not answered, by how they may come back. */
  readonly #asked = new Map<string, JsonRpcId>();
  /** Requests of the agent without an answer, by their ids; an agent may use one twice. */
  readonly #waiting = new Map<JsonRpcId, PromiseWithResolvers<unknown>[]>();
  /** What is on its way to the agent, by the parameters, which the library passes on as they are. */
  readonly #sending = new Map<unknown, PromiseWithResolvers<void>>();
  #feed: ReadableStreamDefaultController<AnyMessage> | undefined;
  #taking: PromiseWithResolvers<void> | undefined;

  constructor(library: Library, ends: ConnectionEnds) {
    this.#library = library;
    this.#ends = ends;
    const readable = new ReadableStream<AnyMessage>({ start: (feed) => void (this.#feed = feed) });
    const writable = new WritableStream<AnyMessage>({ write: (message) => this.#write(message) });
    this.#connection = library
      .client({ name: 'baton' })
      .onRequest('*', ({ requestId: id, method, params, signal }) => this.#takeRequest({ id, method, params }, signal))
      .onNotification('*', ({ method, params }) =>
        this.#inPlace(() => ends.hear({ type: 'notification', method, params })),
      )
      .connect({ readable, writable });
    this.#connection.signal.addEventListener('abort', () => this.#taking?.resolve());
  }

  /**
   * Takes one message of the agent; the next only when the promise has resolved. By then the message was heard, and whoever
   * heard it is ready for more: so nothing overtakes anything, and an agent that floods is not read on.
   */
  async take(message: Incoming): Promise<void> {
    const tidy = this.#toTidy(message);
    if (tidy === undefined || this.#connection.signal.aborted) return;
    this.#taking = Promise.withResolvers();
    this.#feed?.enqueue(tidy);
    await this.#taking.promise;
  }

  /** Resolves when it is written; rejects when it cannot be. */
  ask({ method, params }: AgentRequest, { onOutcome, signal }: AskOptions): Promise<void> {
    const { agent } = this.#connection;
    const { RequestError } = this.#library;
    return this.#send(params, (own, sent) => {
      agent.request<unknown>(method, own, signal === undefined ? {} : { cancellationSignal: signal }).then(
        (result) => this.#inPlace(() => onOutcome({ ok: true, result })),
        (error: unknown) => {
          if (!(error instanceof RequestError)) return sent.reject(error);
          this.#inPlace(() => onOutcome({ ok: false, error: error.toErrorResponse() }));
        },
      );
    });
  }

  /** Resolves when it is written; rejects when it cannot be. */
  tell({ method, params }: AgentNotification): Promise<void> {
    return this.#send(params, (own, sent) => {
      this.#connection.agent.notify<unknown>(method, own).catch(sent.reject);
    });
  }

  /** Answers a request of the agent. One that has its answer, or was never asked, gets none. */
  reply({ rpcId, ...outcome }: Reply): void {
    const [first, ...others] = this.#waiting.get(rpcId) ?? [];
    if (others.length > 0) this.#waiting.set(rpcId, others);
    else this.#waiting.delete(rpcId);
    if ('error' in outcome) first?.reject(this.#toError(outcome.error));
    else first?.resolve(outcome.result);
  }

  /** Nothing is read or written any more, and nothing answered. */
  close(reason: Error): void {
    this.#connection.close(reason);
  }

  #send(params: object, start: (own: object, sent: PromiseWithResolvers<void>) => void): Promise<void> {
    // A copy, because the same parameters may be sent twice.
    const own = { ...params };
    const sent = Promise.withResolvers<void>();
    this.#sending.set(own, sent);
    start(own, sent);
    return sent.promise.finally(() => this.#sending.delete(own));
  }

  // The library closes the connection when something cannot be written, and forgets what it waits for. An agent that has
  // ended may have answered before, so a failure is for whoever wrote and nobody else.
  #write(message: AnyMessage): void {
    const isCall = 'method' in message;
    if (isCall && 'id' in message) this.#asked.set(String(message.id), message.id);
    const sent = isCall ? this.#sending.get(message.params) : undefined;
    this.#ends.write(toJsonLine(message)).then(sent?.resolve, sent?.reject ?? (() => {}));
  }

  #takeRequest({ id, method, params }: Omit<AgentAsk, 'type'>, signal: AbortSignal): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), answer]);
    this.#inPlace(() => this.#ends.hear({ type: 'request', id, method, params }, signal));
    return answer.promise;
  }

  // Done in the place of the message that is being taken, which it keeps open for as long as it likes.
  #inPlace(work: () => void | Promise<void>): void {
    const done = new Promise<void>((resolve) => {
      resolve(work());
    });
    this.#taking?.resolve(done);
  }

  /** A message as the library wants it. Undefined for an answer that nobody waits for. */
  #toTidy(message: Incoming): AnyMessage | undefined {
    const jsonrpc = '2.0';
    if (message.type === 'unknown') return undefined;
    if (message.type !== 'response') {
      const { type: _, ...call } = message;
      return { jsonrpc, ...call };
    }
    const { outcome } = message;
    const key = this.#toKey(message);
    const id = this.#asked.get(key);
    this.#asked.delete(key);
    if (id === undefined) return undefined;
    return outcome.ok ? { jsonrpc, id, result: outcome.result } : { jsonrpc, id, error: outcome.error };
  }

  // Our number may come back as a string; an error to a message that the agent could not even read has none, and is that of
  // the only request there is, if there is only one.
  #toKey({ id, outcome }: Extract<Incoming, { type: 'response' }>): string {
    const [only] = this.#asked.size === 1 && id === null && !outcome.ok ? this.#asked.keys() : [];
    return only ?? String(id);
  }

  #toError({ code, message, data }: ErrorResponse): Error {
    return new this.#library.RequestError(code, message, data);
  }
}
