import { AppError } from '@baton/protocol';

/** Requests that wait for a person. */
export interface Pending<A> {
  /** Resolves with the answer; rejects with the signal's reason when it is aborted first. */
  wait(id: string, signal: AbortSignal): Promise<A>;
  /** Throws `not-found` when nobody waits for it. */
  answer(id: string, answer: A): void;
  /** Those that wait now. */
  ids(): string[];
}

export function createPending<A>(what: string): Pending<A> {
  const waiting = new Map<string, (answer: A) => void>();

  return {
    async wait(id, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<A>();
      const stop = (): void => reject(signal.reason);
      waiting.set(id, resolve);
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await promise;
      } finally {
        waiting.delete(id);
        signal.removeEventListener('abort', stop);
      }
    },
    answer(id, answer) {
      const resolve = waiting.get(id);
      if (resolve === undefined) throw new AppError('not-found', `The agent no longer waits for the ${what} "${id}"`);
      resolve(answer);
    },
    ids: () => [...waiting.keys()],
  };
}
