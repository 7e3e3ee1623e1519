import type { Engine } from '@baton/core';
import type { RecordedEvent, SessionId, SessionView } from '@baton/protocol';

/** A session with an agent, or with turns that wait. */
export interface LiveSession {
  title: string;
  backend: string;
  state: SessionView['state'];
  seq: number;
  queued: number;
  /** The agent's process; absent when it started before this was listening. */
  pid?: number;
}

export interface LiveSessions {
  read(): Promise<ReadonlyMap<SessionId, LiveSession>>;
  close(): void;
}

const LIVE = ['idle', 'starting', 'running', 'waiting'] as const;
const MOST = 1000;

// An agent that runs inside the server has no process of its own.
function foldPid(last: number | undefined, { event }: RecordedEvent): number | undefined {
  if (event.type === 'agent.exited') return undefined;
  return event.type === 'agent.started' ? (event.pid ?? undefined) : last;
}

/** Follows what sessions do, so that a look at the server reads no list. What was live before is read once, at the first look. */
export function createLiveSessions(engine: Engine): LiveSessions {
  const sessions = new Map<SessionId, LiveSession>();
  let seeded: Promise<void> | undefined;

  function hear(view: SessionView, recorded: readonly RecordedEvent[]): void {
    const pid = recorded.reduce(foldPid, sessions.get(view.id)?.pid);
    const { title, backend, state, seq, queue } = view;
    const isLive = LIVE.some((each) => each === state);
    if (!isLive && queue.length === 0) return void sessions.delete(view.id);
    sessions.set(view.id, { title, backend, state, seq, queued: queue.length, ...(pid === undefined ? {} : { pid }) });
  }

  async function seed(): Promise<void> {
    const pages = await Promise.all(LIVE.map((state) => engine.listSessions({ state, limit: MOST })));
    for (const view of pages.flatMap(({ items }) => items)) {
      if ((sessions.get(view.id)?.seq ?? 0) < view.seq) hear(view, []);
    }
  }

  const endings = [
    engine.onRecorded((recorded, view) => hear(view, recorded)),
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
