import type { SessionId } from '@baton/protocol';

/** A place in the line of a session. */
export interface Place {
  /** Resolves when all who came before have left. */
  readonly turn: Promise<void>;
  /** Lets the next one go; again it does nothing. */
  leave(): void;
}

/** One line for each session: what comes to it goes on in the order it came, however long each has to be looked at. */
export class CommandLine {
  readonly #last = new Map<SessionId, Promise<void>>();

  /** Takes the next place; without a session nobody is before or after. */
  join(sessionId: SessionId | undefined): Place {
    const left = Promise.withResolvers<void>();
    if (sessionId === undefined) return { turn: Promise.resolve(), leave: left.resolve };
    const turn = this.#last.get(sessionId) ?? Promise.resolve();
    // One may leave before its turn, and lets nobody pass those before it.
    const over = turn.then(() => left.promise);
    this.#last.set(sessionId, over);
    void over.then(() => {
      if (this.#last.get(sessionId) === over) this.#last.delete(sessionId);
    });
    return { turn, leave: left.resolve };
  }
}
