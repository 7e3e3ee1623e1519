import type { SessionId } from '@baton/protocol';
import type { Clock } from '@baton/core';
import type { SessionHandle } from './client.ts';
import type { SessionStore } from './session-store.ts';

export interface OpenSessionsOptions {
  clock: Clock;
  /** How long a session nobody looks at stays subscribed, so that coming back is instant. */
  lingerMs: number;
  create: (sessionId: SessionId) => SessionStore;
}

/** The sessions somebody looks at. Handles of one session share one store, and with it one subscription. */
export interface OpenSessions {
  open(sessionId: SessionId): SessionHandle;
  get(sessionId: SessionId): SessionStore | undefined;
  stores(): SessionStore[];
  close(): void;
}

interface Entry {
  store: SessionStore;
  handles: number;
  cancelLinger?: (() => void) | undefined;
}

export function createOpenSessions({ clock, lingerMs, create }: OpenSessionsOptions): OpenSessions {
  const entries = new Map<SessionId, Entry>();

  function acquire(sessionId: SessionId): Entry {
    const entry = entries.get(sessionId) ?? { store: create(sessionId), handles: 0 };
    entries.set(sessionId, entry);
    entry.cancelLinger?.();
    entry.cancelLinger = undefined;
    entry.handles += 1;
    return entry;
  }

  function release(sessionId: SessionId, entry: Entry): void {
    entry.handles -= 1;
    if (entry.handles > 0) return;
    entry.cancelLinger = clock.after(lingerMs, () => {
      entries.delete(sessionId);
      entry.store.close();
    });
  }

  return {
    open(sessionId) {
      const entry = acquire(sessionId);
      let isOpen = true;
      return {
        get: () => entry.store.get(),
        subscribe: (listener) => entry.store.subscribe(listener),
        loadOlder: () => entry.store.loadOlder(),
        close() {
          if (isOpen) release(sessionId, entry);
          isOpen = false;
        },
      };
    },
    get: (sessionId) => entries.get(sessionId)?.store,
    stores: () => [...entries.values()].map(({ store }) => store),
    close() {
      for (const { store, cancelLinger } of entries.values()) {
        cancelLinger?.();
        store.close();
      }
      entries.clear();
    },
  };
}
