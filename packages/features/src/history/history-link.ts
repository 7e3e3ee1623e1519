import type { Clock } from '@baton/core';
import { AppError, type HistoryStatus } from '@baton/protocol';
import { toSentError } from './copy-error.ts';
import type { CallMessage, HistoryCalls, OwnChange, ReadPlace, Suspect, ThreadMessage } from './history-calls.ts';

/** A thread that serves the index, as it was started; `serveHistory` is at the other end. */
export interface HistoryThread {
  post(message: CallMessage): void;
  onMessage(listener: (message: ThreadMessage) => void): void;
  /** Calls back once, when it is gone; with an error when it was not told to be. */
  onEnd(listener: (error: Error | undefined) => void): void;
  /** Ends it now, whatever it does. */
  kill(): void;
}

export interface HistoryLinkOptions {
  clock: Clock;
  /** Starts a thread; the suspects are for `serveHistory`. May throw. */
  startThread(suspects: readonly Suspect[]): HistoryThread;
  /** A thread was started in place of one that ended of itself. */
  onRestarted(): void;
  /** See `OwnChange`. */
  onOwnChanged(change: OwnChange): void;
  onFault(error: unknown): void;
}

/** The index of conversations, asked over there. */
export interface HistoryLink {
  calls: HistoryCalls;
  /** Starts the thread, which the first call does too. */
  start(): void;
  /** Ends the thread when it has finished what it does, or after a while. */
  stop(): Promise<void>;
}

const STOP_MS = 3000;
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 300_000;
/** A thread that lived this long was not brought down by what it met first. */
const LONG_MS = 600_000;

export function createHistoryLink(options: HistoryLinkOptions): HistoryLink {
  return new Link(options);
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Ends of threads are faults that are told; each time the next one is started a little later. */
class Link implements HistoryLink {
  readonly calls: HistoryCalls;
  readonly #options: HistoryLinkOptions;
  readonly #waiting = new Map<number, Waiting>();
  /** What the thread reads now, and what threads have ended on. */
  readonly #reading = new Map<string, ReadPlace>();
  readonly #suspects = new Map<string, Suspect>();
  #thread: HistoryThread | undefined;
  #ended: { promise: Promise<void>; resolve: () => void } | undefined;
  #pause: { ms: number; problem: string; cancel(): void } | undefined;
  #startedAt = 0;
  /** Ends in a row. */
  #ends = 0;
  #count = 0;
  #stopped = false;

  constructor(options: HistoryLinkOptions) {
    this.#options = options;
    this.calls = this.#createCalls();
  }

  start(): void {
    if (this.#thread !== undefined || this.#pause !== undefined || this.#stopped) return;
    try {
      this.#thread = this.#options.startThread([...this.#suspects.values()]);
    } catch (cause) {
      this.#onEnd(cause);
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = { promise, resolve };
    this.#startedAt = this.#options.clock.now();
    this.#thread.onMessage((message) => this.#onMessage(message));
    this.#thread.onEnd((error) => this.#onEnd(error));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#pause?.cancel();
    const thread = this.#thread;
    if (thread === undefined) return;
    thread.post({ type: 'stop' });
    const cancel = this.#options.clock.after(STOP_MS, () => thread.kill());
    await this.#ended?.promise;
    cancel();
  }

  #createCalls(): HistoryCalls {
    return {
      listFound: (query) => this.#call('listFound', query),
      search: (query) => this.#call('search', query),
      status: async () => this.#toPaused() ?? (await this.#call<HistoryStatus>('status')),
      readFound: (id) => this.#call('readFound', id),
      readSince: (question) => this.#call('readSince', question),
      followStored: () => this.#call('followStored'),
      findOwn: (of) => this.#call('findOwn', of),
      keepTold: (list) => this.#call('keepTold', list),
      keepRead: (read) => this.#call('keepRead', read),
      toldFolders: (backend) => this.#call('toldFolders', backend),
      listOwn: () => this.#call('listOwn'),
      readSeq: (sessionId) => this.#call('readSeq', sessionId),
      addOwn: (content) => this.#call('addOwn', content),
      forgetOwn: (sessionIds) => this.#call('forgetOwn', sessionIds),
      commit: () => this.#call('commit'),
    };
  }

  #call<T>(method: keyof HistoryCalls, input?: unknown): Promise<T> {
    this.start();
    const thread = this.#thread;
    if (thread === undefined) return Promise.reject(this.#toRefusal());
    this.#count += 1;
    const number = this.#count;
    return new Promise<T>((resolve, reject) => {
      // Both ends are of one build: what is answered has the type that was asked for.
      this.#waiting.set(number, { resolve, reject });
      thread.post({ type: 'call', number, method, input });
    });
  }

  #onMessage(message: ThreadMessage): void {
    switch (message.type) {
      case 'answered':
        this.#take(message.number)?.resolve(message.value);
        return;
      case 'failed':
        this.#take(message.number)?.reject(toSentError(message.error));
        return;
      case 'fault':
        this.#options.onFault(toSentError(message.error));
        return;
      case 'own-changed':
        this.#options.onOwnChanged(message.change);
        return;
      case 'reading':
        this.#reading.set(toKey(message.place), message.place);
        return;
      case 'read':
        this.#reading.delete(toKey(message.place));
    }
  }

  #take(number: number): Waiting | undefined {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    return waiting;
  }

  #onEnd(cause: unknown): void {
    this.#thread = undefined;
    if (!this.#stopped) this.#onFailed(cause);
    for (const { reject } of this.#waiting.values()) reject(this.#toRefusal());
    this.#waiting.clear();
    this.#ended?.resolve();
  }

  #onFailed(cause: unknown): void {
    for (const place of this.#reading.values()) {
      const known = this.#suspects.get(toKey(place));
      this.#suspects.set(toKey(place), { ...place, times: (known?.times ?? 0) + 1 });
    }
    this.#reading.clear();
    const why = cause instanceof Error ? cause.message : 'it ended without a word';
    if (this.#options.clock.now() - this.#startedAt > LONG_MS) this.#ends = 0;
    const ms = Math.min(FIRST_PAUSE_MS * 2 ** this.#ends, MAX_PAUSE_MS);
    this.#ends += 1;
    const problem = `The index of conversations stopped (${why}) and starts again in ${Math.round(ms / 1000)} s`;
    const cancel = this.#options.clock.after(ms, () => this.#restart());
    this.#pause = { ms, problem, cancel };
    this.#options.onFault(new AppError('internal', problem, {}, cause instanceof Error ? { cause } : {}));
  }

  #restart(): void {
    this.#pause = undefined;
    this.start();
    if (this.#thread !== undefined) this.#options.onRestarted();
  }

  #toRefusal(): AppError {
    if (this.#stopped) return new AppError('shutting-down', 'The index of conversations is closed: the server stops');
    const problem = this.#pause?.problem ?? 'The index of conversations does not run';
    const seconds = Math.ceil((this.#pause?.ms ?? 0) / 1000);
    return new AppError('store-unavailable', `${problem}; ask again then`, { retryAfter: seconds });
  }

  #toPaused(): HistoryStatus | undefined {
    if (this.#pause === undefined) return undefined;
    const nothing = { total: 0, waiting: 0, found: 0, unreadable: 0, passages: 0 };
    return { state: 'scanning', ...nothing, problem: this.#pause.problem };
  }
}

function toKey({ backend, ref, version }: ReadPlace): string {
  return `${backend}\n${ref}\n${version}`;
}
