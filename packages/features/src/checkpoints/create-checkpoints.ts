import { join } from 'node:path';
import type { Clock, Engine, Feature, FeatureCall, RecordStore } from '@baton/core';
import { AppError, type CheckpointId, type CheckpointView, type SessionId, type SessionView } from '@baton/protocol';
import { createOnce } from '../request/once.ts';
import { createCheckpointKeeper } from './checkpoint-keeper.ts';
import { createCheckpointLog, type StoredCheckpoint } from './checkpoint-log.ts';
import { createRepositories } from './repositories.ts';
import { type GoBack, rewindSession } from './rewind-session.ts';
import { createRunningTurns } from './running-turns.ts';
import { createTurnSaver } from './save-turns.ts';

export type CheckpointRoutes =
  | 'listCheckpoints'
  | 'createCheckpoint'
  | 'diffCheckpoint'
  | 'restoreCheckpoint'
  | 'rewindSession';

export interface CheckpointParts {
  engine: Engine;
  records: RecordStore;
  clock: Clock;
  /** Baton's own folder; snapshots are in `checkpoints` below it. */
  dataDir: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether turns are saved by themselves, or only what is asked for. */
  automatic: boolean;
  onFault(error: unknown): void;
}

/** Snapshots of a session's folder, in repositories of their own; see the package's README for what is promised. */
export function createCheckpoints(parts: CheckpointParts): Feature<CheckpointRoutes> {
  const { engine, records, clock, onFault } = parts;
  const repositories = createRepositories({ home: join(parts.dataDir, 'checkpoints'), env: parts.env });
  const log = createCheckpointLog(records);
  const keeper = createCheckpointKeeper({ engine, log, repositories, clock });
  const running = createRunningTurns();
  const saver = createTurnSaver(keeper, { engine, onFault });
  const once = createOnce(records, 'checkpoint-requests');
  const endings = [
    engine.onRecorded((recorded, view) => {
      running.hear(view);
      if (parts.automatic) saver.hear(recorded, view);
    }),
    engine.onDeleted((sessionId) => {
      running.forget(sessionId);
      forget(sessionId).catch(onFault);
    }),
  ];

  async function forget(sessionId: SessionId): Promise<void> {
    const known = (await log.sessions()).find((each) => each.sessionId === sessionId);
    if (known !== undefined) await keeper.forget(sessionId, known.folder);
  }

  async function requireSession(id: SessionId): Promise<SessionView> {
    const view = await engine.readView(id);
    if (view === undefined) throw new AppError('not-found', `There is no session "${id}"`);
    return view;
  }

  async function requireCheckpoint(id: CheckpointId): Promise<StoredCheckpoint> {
    const found = await log.find(id);
    if (found === undefined) throw new AppError('not-found', `There is no checkpoint "${id}"`);
    return found;
  }

  function requireQuiet(folder: string): void {
    const busy = running.findIn(folder);
    if (busy === undefined) return;
    const why = `session "${busy}" is at work in this folder`;
    throw new AppError('conflict', `Cannot restore while ${why}: wait for the end of its turn, or interrupt it`);
  }

  async function restore({ checkpoint, session, paths, before }: GoBack) {
    const { cwd: folder, id: sessionId } = session;
    if (checkpoint.folder !== folder) {
      const why = `it is of the folder "${checkpoint.folder}", and the session works in "${folder}"`;
      throw new AppError('conflict', `Cannot restore checkpoint "${checkpoint.id}": ${why}`);
    }
    requireQuiet(folder);
    return keeper.restore({
      ...{ checkpoint, sessionId, folder, paths },
      async before() {
        // Asked again: the folder's queue may have been long.
        requireQuiet(folder);
        await before?.();
        requireQuiet(folder);
      },
    });
  }

  return {
    id: 'checkpoints',
    handlers: {
      async listCheckpoints({ params }) {
        await requireSession(params.id);
        return { items: (await log.list(params.id)).map(toView) };
      },
      async createCheckpoint({ params, body, commandId }) {
        const { id: sessionId, cwd: folder } = await requireSession(params.id);
        const title = body.title ?? 'Saved by hand';
        const view = await once(commandId(), () => keeper.save({ sessionId, folder, title, trigger: 'user' }));
        saver.retry(folder);
        return view;
      },
      async diffCheckpoint({ params, query }) {
        const from = await requireCheckpoint(params.id);
        return keeper.diff(from, query.to === 'now' ? 'now' : await requireSibling(from, query.to));
      },
      async restoreCheckpoint({ params, body, commandId }) {
        return once(commandId(), async () => {
          const checkpoint = await requireCheckpoint(params.id);
          return restore({ checkpoint, session: await requireSession(checkpoint.sessionId), paths: body.paths });
        });
      },
      rewindSession: (call: FeatureCall<'rewindSession'>) =>
        rewindSession({ engine, log, once, restore, requireSession }, call),
    },
    ...(parts.automatic ? { beforeTurn: saver.saveStart } : {}),
    async start() {
      sweep().catch(onFault);
    },
    async stop() {
      for (const end of endings) end();
      await repositories.close();
    },
  };

  async function requireSibling(from: StoredCheckpoint, id: CheckpointId): Promise<StoredCheckpoint> {
    const to = await requireCheckpoint(id);
    if (to.sessionId === from.sessionId && to.folder === from.folder) return to;
    throw new AppError('invalid-input', `Cannot compare with checkpoint "${id}": it is of another session`);
  }

  // A server that ended between deleting a session and giving up its checkpoints.
  async function sweep(): Promise<void> {
    for (const { sessionId, folder } of await log.sessions()) {
      const { events } = await engine.readEvents(sessionId, { after: 0, limit: 1 });
      if (events.length === 0) await keeper.forget(sessionId, folder);
    }
  }
}

function toView({ tree: _, folder: __, ...view }: StoredCheckpoint): CheckpointView {
  return view;
}
