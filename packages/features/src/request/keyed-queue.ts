/** Work that has a name: one piece after the other for each name, whatever becomes of it; names do not wait for one another. */
export interface KeyedQueue {
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  isBusy(name: string): boolean;
  /** Resolves when all that was asked for is done. */
  idle(): Promise<void>;
}

export function createKeyedQueue(): KeyedQueue {
  const lasts = new Map<string, Promise<unknown>>();
  return {
    run(name, work) {
      const result = (lasts.get(name) ?? Promise.resolve()).then(work);
      const settled = result
        .catch(() => undefined)
        .then(() => {
          if (lasts.get(name) === settled) lasts.delete(name);
        });
      lasts.set(name, settled);
      return result;
    },
    isBusy: (name) => lasts.has(name),
    async idle() {
      while (lasts.size > 0) await Promise.all(lasts.values());
    },
  };
}
