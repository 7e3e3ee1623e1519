import { readTreeBytes } from './tree-bytes.ts';

/** Something that was made ready before it is needed, such as a started agent. */
export interface WarmThing {
  /** Whose memory it takes. */
  readonly pid?: number | undefined;
  /** Resolves when it is of no use any more, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** Idempotent; resolves when nothing of it is left. */
  end(): Promise<void>;
}

export interface WarmPoolOptions {
  clock: { after(ms: number, call: () => void): () => void };
  /** How many may wait, those being made among them. */
  limit: number;
  /** How much memory all that wait may take together. */
  maxBytes: number;
  /** How long one waits before it is ended. */
  idleMs: number;
  /** Default: what the system tells of the process and all that it started. */
  readBytes?(pid: number): Promise<number>;
}

/**
 * Things that wait, ready, at most one for each key.
 *
 * - `take` hands one over for good: the pool knows nothing of it any more.
 * - `refill` makes one unless one waits or is being made. Beyond the bounds the one that waited longest is ended. Resolves
 *   when that is done, and never rejects: without a warm one, whoever needs it makes its own, and hears why that fails.
 * - `close` ends all that wait or are being made, and resolves when nothing is left. Nothing is made after it.
 */
export interface WarmPool<T extends WarmThing> {
  take(key: string): T | undefined;
  /** The one that waits, which stays. */
  peek(key: string): T | undefined;
  /** Ends the one that waits, if there is one. */
  discard(key: string): Promise<void>;
  /** `make` gives up when the signal is aborted; what it still answers then is ended. */
  refill(key: string, make: (signal: AbortSignal) => Promise<T>): Promise<void>;
  readonly size: number;
  close(): Promise<void>;
}

interface Waiting<T> {
  thing: T;
  cancelExpiry(): void;
}

export function createWarmPool<T extends WarmThing>(options: WarmPoolOptions): WarmPool<T> {
  return new BoundedPool(options);
}

class BoundedPool<T extends WarmThing> implements WarmPool<T> {
  readonly #options: WarmPoolOptions;
  readonly #closing = new AbortController();
  /** In the order they began to wait. */
  readonly #waiting = new Map<string, Waiting<T>>();
  readonly #making = new Map<string, Promise<void>>();
  readonly #ending = new Set<Promise<void>>();

  constructor(options: WarmPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  peek(key: string): T | undefined {
    return this.#waiting.get(key)?.thing;
  }

  take(key: string): T | undefined {
    const found = this.#waiting.get(key);
    found?.cancelExpiry();
    this.#waiting.delete(key);
    return found?.thing;
  }

  async discard(key: string): Promise<void> {
    const thing = this.take(key);
    if (thing !== undefined) await this.#end(thing);
  }

  async refill(key: string, create: (signal: AbortSignal) => Promise<T>): Promise<void> {
    const isFull = this.#making.size >= this.#options.limit;
    if (this.#closing.signal.aborted || isFull || this.#waiting.has(key) || this.#making.has(key)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#making.set(key, promise);
    await this.#make(key, create);
    this.#making.delete(key);
    resolve();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const known = [...this.#waiting.keys()].map((key) => this.discard(key));
    await Promise.all([...known, ...this.#making.values()]);
    await Promise.all(this.#ending);
  }

  async #make(key: string, create: (signal: AbortSignal) => Promise<T>): Promise<void> {
    const { limit, maxBytes } = this.#options;
    // Room first, so that there are never more than the limit.
    while (this.size > 0 && this.size + this.#making.size > limit) await this.#discardOldest();
    const thing = await create(this.#closing.signal).catch(() => undefined);
    if (thing === undefined) return;
    if (this.#closing.signal.aborted) return this.#end(thing);
    this.#keep(key, thing);
    while (this.size > 0 && (await this.#readTotal()) > maxBytes) await this.#discardOldest();
  }

  #keep(key: string, thing: T): void {
    const { clock, idleMs } = this.#options;
    const cancelExpiry = clock.after(idleMs, () => void this.discard(key));
    this.#waiting.set(key, { thing, cancelExpiry });
    const forget = () => {
      if (this.peek(key) === thing) this.take(key);
    };
    thing.ended.then(forget, forget);
  }

  #discardOldest(): Promise<void> {
    const [oldest] = this.#waiting.keys();
    return oldest === undefined ? Promise.resolve() : this.discard(oldest);
  }

  async #readTotal(): Promise<number> {
    const { readBytes = readTreeBytes } = this.#options;
    const pids = [...this.#waiting.values()].flatMap(({ thing }) => (thing.pid === undefined ? [] : [thing.pid]));
    const sizes = await Promise.all(pids.map(readBytes));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #end(thing: T): Promise<void> {
    // What cannot be ended now is found by the clean-up of the next start.
    const ended = thing.end().catch(() => {});
    this.#ending.add(ended);
    return ended.finally(() => this.#ending.delete(ended));
  }
}
