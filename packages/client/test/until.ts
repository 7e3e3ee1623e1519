import type { ReadableStore } from '../src/index.ts';

/** Resolves with the store's value as soon as it satisfies the condition. */
export function until<T>(store: ReadableStore<T>, condition: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    if (condition(store.get())) return resolve(store.get());
    const stop = store.subscribe(() => {
      if (!condition(store.get())) return;
      stop();
      resolve(store.get());
    });
  });
}
