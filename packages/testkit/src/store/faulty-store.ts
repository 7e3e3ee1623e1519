import type { EventStore } from '@baton/core';

export interface FaultyStore {
  readonly store: EventStore;
  /** Calls of this method wait, before they do anything, until the returned function is called. */
  hold(method: keyof EventStore): () => void;
  /** Calls of this method reject until the returned function is called. */
  fail(method: keyof EventStore, error: unknown): () => void;
  /** How often this method was called. */
  calls(method: keyof EventStore): number;
}

/** A store that can be slow or broken, one method at a time. */
export function createFaultyStore(inner: EventStore): FaultyStore {
  const gates = new Map<PropertyKey, Promise<void>>();
  const faults = new Map<PropertyKey, unknown>();
  const counts = new Map<PropertyKey, number>();

  async function pass(method: PropertyKey): Promise<void> {
    counts.set(method, (counts.get(method) ?? 0) + 1);
    await gates.get(method);
    if (faults.has(method)) throw faults.get(method);
  }

  const store = new Proxy(inner, {
    get(target, method) {
      const value: unknown = Reflect.get(target, method, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => pass(method).then((): unknown => Reflect.apply(value, target, args));
    },
  });

  return {
    store,
    hold(method) {
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.set(method, promise);
      return () => {
        gates.delete(method);
        resolve();
      };
    },
    fail(method, error) {
      faults.set(method, error);
      return () => void faults.delete(method);
    },
    calls: (method) => counts.get(method) ?? 0,
  };
}
