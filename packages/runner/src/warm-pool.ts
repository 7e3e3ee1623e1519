import { readResidentBytes } from './process-table.ts';

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
  /** Default: the resident size that the system tells. */
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
  const { clock, limit, maxBytes, idleMs, readBytes = readResidentBytes } = options;
  const closing = new AbortController();
  // In the order they began to wait.
  const waiting = new Map<string, Waiting<T>>();
  const making = new Map<string, Promise<void>>();
  const ending = new Set<Promise<void>>();

  function take(key: string): T | undefined {
    const found = waiting.get(key);
    found?.cancelExpiry();
    waiting.delete(key);
    return found?.thing;
  }

  function end(thing: T): Promise<void> {
    // What cannot be ended now is found by the clean-up of the next start.
    const ended = thing.end().catch(() => {});
    ending.add(ended);
    return ended.finally(() => ending.delete(ended));
  }

  async function discard(key: string): Promise<void> {
    const thing = take(key);
    if (thing !== undefined) await end(thing);
  }

  function discardOldest(): Promise<void> {
    const [oldest] = waiting.keys();
    return oldest === undefined ? Promise.resolve() : discard(oldest);
  }

  function keep(key: string, thing: T): void {
    const cancelExpiry = clock.after(idleMs, () => void discard(key));
    waiting.set(key, { thing, cancelExpiry });
    const forget = () => {
      if (waiting.get(key)?.thing === thing) take(key);
    };
    thing.ended.then(forget, forget);
  }

  async function readTotal(): Promise<number> {
    const pids = [...waiting.values()].flatMap(({ thing }) => (thing.pid === undefined ? [] : [thing.pid]));
    const sizes = await Promise.all(pids.map(readBytes));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async function make(key: string, create: (signal: AbortSignal) => Promise<T>): Promise<void> {
    // Room first, so that there are never more than the limit.
    while (waiting.size > 0 && waiting.size + making.size > limit) await discardOldest();
    const thing = await create(closing.signal).catch(() => undefined);
    if (thing === undefined) return;
    if (closing.signal.aborted) return end(thing);
    keep(key, thing);
    while (waiting.size > 0 && (await readTotal()) > maxBytes) await discardOldest();
  }

  return {
    take,
    async refill(key, create) {
      const isFull = making.size >= limit;
      if (closing.signal.aborted || isFull || waiting.has(key) || making.has(key)) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      making.set(key, promise);
      await make(key, create);
      making.delete(key);
      resolve();
    },
    get size() {
      return waiting.size;
    },
    async close() {
      closing.abort();
      const known = [...waiting.keys()].map(discard);
      await Promise.all([...known, ...making.values()]);
      await Promise.all(ending);
    },
  };
}
