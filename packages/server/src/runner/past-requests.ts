import type { RecordedEvent } from '@baton/protocol';
import type { OrderOf, Word } from './runner-wire.ts';

interface Request {
  run: string;
  parts: RecordedEvent[][];
  wake(): void;
}

/** What agents in the runner ask of their sessions' logs, which only a server can answer. */
export interface PastRequests {
  /** The log of the run's session so far; waits for a server while there is none. */
  read(run: string): AsyncIterable<RecordedEvent>;
  answer(part: OrderOf<'past'>): void;
  /** Another server has come: what the one before had not answered whole is asked anew. */
  askAgain(run: string): void;
}

export function createPastRequests(say: (word: Word) => void): PastRequests {
  const requests = new Map<number, Request>();
  let calls = 0;

  async function* read(run: string): AsyncGenerator<RecordedEvent> {
    calls += 1;
    const call = calls;
    const { promise, resolve } = Promise.withResolvers<void>();
    const request: Request = { run, parts: [], wake: resolve };
    requests.set(call, request);
    say({ type: 'history', run, call });
    // Whole or not at all: the part that one server gave does not go with that of another.
    await promise;
    requests.delete(call);
    for (const part of request.parts) yield* part;
  }

  return {
    read,
    answer({ call, events, isLast }) {
      const request = requests.get(call);
      if (request === undefined) return;
      request.parts.push(events);
      if (isLast) request.wake();
    },
    askAgain(run) {
      for (const [call, request] of requests) {
        if (request.run !== run) continue;
        request.parts = [];
        say({ type: 'history', run, call });
      }
    },
  };
}
