import { Worker } from 'node:worker_threads';
import type { Backend, StoredPlace } from '@baton/core';
import type { HistoryOptions, HistoryThread } from '@baton/features';

type StartThread = HistoryOptions['startThread'];

/** What `compose-history-thread.ts` is started with. */
export interface HistoryThreadData {
  /** File of the index. */
  path: string;
  places: { backend: string; place: StoredPlace }[];
  suspects: Parameters<StartThread>[0];
}

/** Of a thread's memory; a conversation that needs more ends the thread, and not the server. */
const MAX_HEAP_MB = 1024;

/** Starts the thread that has the index of conversations: what these agents stored, and what is said in Baton itself. */
export function createHistoryThreads(path: string, backends: readonly Backend[]): StartThread {
  const places = backends.flatMap(({ id, stored }) => (stored === undefined ? [] : [{ backend: id, place: stored }]));
  return (suspects) => {
    const data: HistoryThreadData = { path, places, suspects };
    const worker = new Worker(new URL('./compose-history-thread.ts', import.meta.url), {
      name: 'history',
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    // The server ends it; it holds up nothing by itself.
    worker.unref();
    return toThread(worker);
  };
}

function toThread(worker: Worker): HistoryThread {
  let failure: Error | undefined;
  worker.on('error', (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
  });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onEnd: (listener) => void worker.once('exit', () => listener(failure)),
    kill: () => void worker.terminate(),
  };
}
