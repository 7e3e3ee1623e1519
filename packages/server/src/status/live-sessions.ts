import type { Engine } from '@baton/core';
import type { SessionId, SessionView } from '@baton/protocol';

/** A session with an agent, or with turns that wait. */
export interface LiveSession {
  title: string;
  backend: string;
  state: SessionView['state'];
  seq: number;
  queued: number;
}

export interface LiveSessions {
  read(): Promise<ReadonlyMap<SessionId, LiveSession>>;
  close(): void;
}

const LIVE = ['idle', 'starting', 'running', 'waiting'] as const;
const MOST = 1000;

/** Follows what sessions do, so that a look at the server reads no list. What was live before is read once, at the first look. */
export function createLiveSessions(engine: Engine): LiveSessions {
  const sessions = new Map<SessionId, LiveSession>();
  let seeded: Promise<void> | undefined;

  function hear(view: SessionView): void {
    const { title, backend, state, seq, queue } = view;
    const isLive = LIVE.some((each) => each === state);
    if (!isLive && queue.length === 0) return void sessions.delete(view.id);
    sessions.set(view.id, { title, backend, state, seq, queued: queue.length });
  }

  async function seed(): Promise<void> {
    const pages = await Promise.all(LIVE.map((state) => engine.listSessions({ state, limit: MOST })));
    for (const view of pages.flatMap(({ items }) => items)) {
      if ((sessions.get(view.id)?.seq ?? 0) < view.seq) hear(view);
    }
  }

  const endings = [
    engine.onRecorded((_, view) => hear(view)),
    engine.onDeleted((sessionId) => void sessions.delete(sessionId)),
  ];
  return {
    async read() {
      // A look that could not read the list tells what it knows, and the next one tries again.
      seeded ??= seed().catch(() => {
        seeded = undefined;
      });
      await seeded;
      return sessions;
    },
    close() {
      for (const end of endings) end();
    },
  };
}
