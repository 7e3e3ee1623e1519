import type { SessionId } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import type { EventStore } from '../ports/event-store.ts';
import type { Drafts } from './drafts.ts';

/** All sessions save at the same moments, whole seconds of the clock: then it is one commit for all of them. */
const JOURNAL_MS = 1000;

export interface DraftJournal {
  /** Some text has grown: it is saved within a second. */
  touch(): void;
  /** Saves what has grown, now. Never throws. */
  flush(): Promise<void>;
}

/** Saves streamed text at most once a second. Best effort: what it misses is the last second of an unfinished item. */
export function createDraftJournal(options: {
  sessionId: SessionId;
  store: EventStore;
  clock: Clock;
  drafts: Drafts;
  onFault(error: unknown): void;
}): DraftJournal {
  const { sessionId, store, clock, drafts, onFault } = options;
  let cancel: (() => void) | undefined;

  async function flush(): Promise<void> {
    cancel?.();
    cancel = undefined;
    const dirty = drafts.takeDirty();
    if (dirty.length > 0) await store.saveDrafts(sessionId, dirty).catch(onFault);
  }

  return {
    flush,
    touch() {
      cancel ??= clock.after(JOURNAL_MS - (clock.now() % JOURNAL_MS), () => void flush());
    },
  };
}
