import type { ReadableStore } from '@baton/client';

/** A store of one value of the page's own state. */
export interface ValueStore<T> extends ReadableStore<T> {
  set(value: T): void;
}

export function createValueStore<T>(initial: T, onChange?: (value: T) => void): ValueStore<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      onChange?.(next);
      for (const tell of listeners) tell();
    },
  };
}
