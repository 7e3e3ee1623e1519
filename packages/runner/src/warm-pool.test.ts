import { describe, expect, test } from 'vitest';
import { readResidentBytes } from './process-table.ts';
import { type WarmPoolOptions, createWarmPool } from './warm-pool.ts';

class Thing {
  readonly pid: number;
  readonly #ended = Promise.withResolvers<void>();
  isEnded = false;

  constructor(pid: number) {
    this.pid = pid;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  async end(): Promise<void> {
    this.isEnded = true;
    this.#ended.resolve();
  }
}

function setUp(more: Partial<WarmPoolOptions> = {}) {
  const timers = new Set<{ at: number; call(): void }>();
  let now = 0;
  const clock = {
    after(ms: number, call: () => void) {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  function advance(ms: number): void {
    now += ms;
    for (const timer of [...timers]) {
      if (timer.at > now) continue;
      timers.delete(timer);
      timer.call();
    }
  }
  const pool = createWarmPool<Thing>({
    clock,
    limit: 2,
    maxBytes: 1000,
    idleMs: 60,
    readBytes: async () => 1,
    ...more,
  });
  const made: Thing[] = [];
  const make = async () => {
    const thing = new Thing(made.length + 1);
    made.push(thing);
    return thing;
  };
  return { pool, made, make, timers, advance };
}

describe('a warm pool', () => {
  test('hands each over once', async () => {
    const { pool, made, make, timers } = setUp();
    await pool.refill('a', make);
    expect(pool.take('b')).toBeUndefined();
    expect(pool.take('a')).toBe(made[0]);
    expect(pool.take('a')).toBeUndefined();
    expect(timers.size).toBe(0);
    await pool.close();
    expect(made[0]?.isEnded).toBe(false);
  });

  test('makes one at a time for a key, and none while one waits', async () => {
    const { pool, made, make } = setUp();
    await Promise.all([pool.refill('a', make), pool.refill('a', make)]);
    await pool.refill('a', make);
    expect(made).toHaveLength(1);
    await pool.close();
  });

  test('ends the one that waited longest for a new one', async () => {
    const { pool, made, make } = setUp();
    for (const key of ['a', 'b', 'c']) await pool.refill(key, make);
    expect(pool.size).toBe(2);
    expect(made.map(({ isEnded }) => isEnded)).toEqual([true, false, false]);
    expect(pool.take('a')).toBeUndefined();
    await pool.close();
  });

  test('makes no more at once than may wait', async () => {
    const { pool, made, make } = setUp({ limit: 1 });
    await Promise.all([pool.refill('a', make), pool.refill('b', make)]);
    expect(made).toHaveLength(1);
    await pool.close();
    const none = setUp({ limit: 0 });
    await none.pool.refill('a', none.make);
    expect(none.made).toEqual([]);
  });

  test('keeps no more than the memory it may take', async () => {
    const { pool, made, make } = setUp({ limit: 5, maxBytes: 250, readBytes: async () => 100 });
    for (const key of ['a', 'b', 'c']) await pool.refill(key, make);
    expect(made.map(({ isEnded }) => isEnded)).toEqual([true, false, false]);
    const tight = setUp({ maxBytes: 50, readBytes: async () => 100 });
    await tight.pool.refill('a', tight.make);
    expect(tight.pool.size).toBe(0);
    await pool.close();
  });

  test('ends what waited too long', async () => {
    const { pool, made, make, advance, timers } = setUp();
    await pool.refill('a', make);
    advance(59);
    expect(pool.size).toBe(1);
    advance(1);
    expect(pool.size).toBe(0);
    await pool.close();
    expect(made[0]?.isEnded).toBe(true);
    expect(timers.size).toBe(0);
  });

  test('forgets what died, and what could not be made', async () => {
    const { pool, made, make, timers } = setUp();
    await pool.refill('a', make);
    await made[0]?.end();
    expect(pool.take('a')).toBeUndefined();
    expect(timers.size).toBe(0);
    await pool.refill('a', () => Promise.reject(new Error('no memory')));
    expect(pool.size).toBe(0);
    await pool.refill('a', make);
    expect(pool.size).toBe(1);
    await pool.close();
  });

  test('closes: ends what waits and what is being made, and makes nothing more', async () => {
    const { pool, made, make, timers } = setUp();
    await pool.refill('a', make);
    const late = new Thing(9);
    const refilled = pool.refill('b', async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return late;
    });
    await pool.close();
    await refilled;
    expect([made[0]?.isEnded, late.isEnded]).toEqual([true, true]);
    await pool.refill('c', make);
    expect(made).toHaveLength(1);
    expect(timers.size).toBe(0);
  });
});

test('reads how much memory a process holds', async () => {
  expect(await readResidentBytes(process.pid)).toBeGreaterThan(10_000_000);
  expect(await readResidentBytes(2 ** 22 + 1)).toBe(0);
});
