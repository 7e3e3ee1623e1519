/** Work on folders, one piece after the other in each; folders do not wait for one another. */
export interface FolderQueue {
  run<T>(folder: string, work: () => Promise<T>): Promise<T>;
  /** Work that can wait: it begins when nothing else does, and is told to end when something comes. */
  tidy(folder: string, work: (signal: AbortSignal) => Promise<void>): void;
  /** Resolves when all that was asked for is done. */
  idle(): Promise<void>;
}

export function createFolderQueue(): FolderQueue {
  const lasts = new Map<string, Promise<unknown>>();
  const tidying = new Map<string, AbortController>();

  function enqueue<T>(folder: string, work: () => Promise<T>): Promise<T> {
    const result = (lasts.get(folder) ?? Promise.resolve()).then(work);
    const settled = result
      .catch(() => undefined)
      .then(() => {
        if (lasts.get(folder) === settled) lasts.delete(folder);
      });
    lasts.set(folder, settled);
    return result;
  }

  return {
    run(folder, work) {
      tidying.get(folder)?.abort();
      return enqueue(folder, work);
    },
    tidy(folder, work) {
      if (lasts.has(folder)) return;
      const controller = new AbortController();
      tidying.set(folder, controller);
      void enqueue(folder, () => work(controller.signal).catch(() => undefined)).finally(() => {
        if (tidying.get(folder) === controller) tidying.delete(folder);
      });
    },
    async idle() {
      for (const controller of tidying.values()) controller.abort();
      while (lasts.size > 0) await Promise.all(lasts.values());
    },
  };
}
