import { AppError, type RecordedEvent } from '@baton/protocol';
import type { OrderOf, Word } from './runner-wire.ts';

interface Request {
  run: string;
  parts: RecordedEvent[][];
  wake(): void;
  fail(cause: AppError): void;
}

/** What agents in the runner ask of their sessions' logs, which only a server can answer. */
export interface PastRequests {
  /** The log of the run's session so far; waits for a server while there is none. */
  read(run: string): AsyncIterable<RecordedEvent>;
  answer(part: OrderOf<'past'>): void;
  /** Another server has come: what the one before had not answered whole is asked anew. */
  askAgain(run: string): void;
  /** The run is over: what it asked rejects, so that nobody waits for it. */
  forget(run: string): void;
}

export function createPastRequests(say: (word: Word) => void): PastRequests {
  const requests = new Map<number, Request>();
  let calls = 0;

  async function* read(run: string): AsyncGenerator<RecordedEvent> {
    calls += 1;
    const call = calls;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const request: Request = { run, parts: [], wake: resolve, fail: reject };
    requests.set(call, request);
    say({ type: 'history', run, call });
    // Whole or not at all: the part that one server gave does not go with that of another.
    await promise.finally(() => requests.delete(call));
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
    forget(run) {
      const over = new AppError('agent-exited', 'The agent was ended before it knew what was said before');
      for (const request of requests.values()) if (request.run === run) request.fail(over);
    },
  };
}
