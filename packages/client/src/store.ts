import type { ReadableStore } from './client.ts';

export interface WritableStore<T> extends ReadableStore<T> {
  set(value: T): void;
}

/** `set` with the same value tells nobody. A listener that unsubscribes while being told is not told again. */
export function createStore<T>(initial: T): WritableStore<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    subscribe(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of [...listeners].filter((each) => listeners.has(each))) listener();
    },
  };
}
