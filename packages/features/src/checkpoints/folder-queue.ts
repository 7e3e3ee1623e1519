import { createKeyedQueue, type KeyedQueue } from '../request/keyed-queue.ts';

/** Work on folders, by their paths. */
export interface FolderQueue extends Pick<KeyedQueue, 'run'> {
  /** Work that can wait: it begins when nothing else does, and is told to end when something comes. */
  tidy(folder: string, work: (signal: AbortSignal) => Promise<void>): void;
  /** Has tidying end, and resolves when all that was asked for is done. */
  idle(): Promise<void>;
}

export function createFolderQueue(): FolderQueue {
  const queue = createKeyedQueue();
  const tidying = new Map<string, AbortController>();
  return {
    run(folder, work) {
      tidying.get(folder)?.abort();
      return queue.run(folder, work);
    },
    tidy(folder, work) {
      if (queue.isBusy(folder)) return;
      const controller = new AbortController();
      tidying.set(folder, controller);
      void queue
        .run(folder, () => work(controller.signal).catch(() => undefined))
        .finally(() => {
          if (tidying.get(folder) === controller) tidying.delete(folder);
        });
    },
    idle() {
      for (const controller of tidying.values()) controller.abort();
      return queue.idle();
    },
  };
}
