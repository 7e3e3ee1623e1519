import { AppError } from '@baton/protocol';

/** Messages on their way to the SDK, which takes them one by one. */
export interface Outbox extends AsyncIterable<unknown> {
  /** Resolves when the SDK has taken it and come back for more, so that what is asked next cannot overtake it. */
  push(message: unknown): Promise<void>;
  end(): void;
}

interface Letter {
  message: unknown;
  taken(): void;
  lost(reason: AppError): void;
}

export function createOutbox(): Outbox {
  const letters: Letter[] = [];
  let isOver = false;
  let wake = Promise.withResolvers<void>();

  async function* read(): AsyncGenerator {
    try {
      for (;;) {
        const letter = letters[0];
        if (letter !== undefined) {
          yield letter.message;
          letters.shift();
          letter.taken();
        } else if (isOver) return;
        else await wake.promise;
      }
    } finally {
      end();
      for (const { lost } of letters.splice(0)) lost(toGone());
    }
  }

  function end(): void {
    isOver = true;
    wake.resolve();
  }

  return {
    push(message) {
      if (isOver) return Promise.reject(toGone());
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      letters.push({ message, taken: resolve, lost: reject });
      wake.resolve();
      wake = Promise.withResolvers<void>();
      return promise;
    },
    end,
    [Symbol.asyncIterator]: read,
  };
}

function toGone(): AppError {
  return new AppError('agent-exited', 'Claude Code takes no more messages: it has ended');
}
