import type { Engine, FeatureHandlers, RecordStore } from '@baton/core';
import { AppError, type CheckpointId, type CheckpointView, type SessionId, type SessionView } from '@baton/protocol';
import { createOnce } from '../request/once.ts';
import type { CheckpointKeeper } from './checkpoint-keeper.ts';
import type { CheckpointLog, StoredCheckpoint } from './checkpoint-log.ts';
import { type GoBack, rewindSession } from './rewind-session.ts';
import type { RunningTurns } from './running-turns.ts';
import type { TurnSaver } from './save-turns.ts';

export type CheckpointRoutes =
  | 'listCheckpoints'
  | 'createCheckpoint'
  | 'diffCheckpoint'
  | 'restoreCheckpoint'
  | 'rewindSession';

export interface HandlerParts {
  engine: Engine;
  records: RecordStore;
  log: CheckpointLog;
  keeper: CheckpointKeeper;
  running: RunningTurns;
  saver: TurnSaver;
}

export function createCheckpointHandlers(parts: HandlerParts): FeatureHandlers<CheckpointRoutes> {
  const { engine, log, keeper, saver } = parts;
  const once = createOnce(parts.records, 'checkpoint-requests');
  const restore = (goBack: GoBack) => restoreQuietly(parts, goBack);
  const requireSession = (id: SessionId) => readSession(engine, id);
  return {
    async listCheckpoints({ params }) {
      await requireSession(params.id);
      return { items: (await log.list(params.id)).map(toView) };
    },
    async createCheckpoint({ params, body, commandId }) {
      const { id: sessionId, cwd: folder } = await requireSession(params.id);
      const title = body.title ?? 'Saved by hand';
      const view = await once({ commandId: commandId(), says: body }, () =>
        keeper.save({ sessionId, folder, title, trigger: 'user' }),
      );
      saver.retry(folder);
      return view;
    },
    async diffCheckpoint({ params, query }) {
      const from = await readCheckpoint(log, params.id);
      return keeper.diff(from, query.to === 'now' ? 'now' : await readSibling(log, from, query.to));
    },
    restoreCheckpoint: ({ params, body, commandId }) =>
      once({ commandId: commandId(), says: body }, async () => {
        const checkpoint = await readCheckpoint(log, params.id);
        return restore({ checkpoint, session: await requireSession(checkpoint.sessionId), paths: body.paths });
      }),
    async rewindSession(call) {
      // The turn may have ended a moment ago.
      if (call.body.files) await saver.settled((await requireSession(call.params.id)).cwd);
      return rewindSession({ engine, log, once, restore, requireSession }, call);
    },
  };
}

async function readSession(engine: Engine, id: SessionId): Promise<SessionView> {
  const view = await engine.readView(id);
  if (view === undefined) throw new AppError('not-found', `There is no session "${id}"`);
  return view;
}

async function readCheckpoint(log: CheckpointLog, id: CheckpointId): Promise<StoredCheckpoint> {
  const found = await log.find(id);
  if (found === undefined) throw new AppError('not-found', `There is no checkpoint "${id}"`);
  return found;
}

async function readSibling(log: CheckpointLog, from: StoredCheckpoint, id: CheckpointId): Promise<StoredCheckpoint> {
  const to = await readCheckpoint(log, id);
  if (to.sessionId === from.sessionId && to.folder === from.folder) return to;
  throw new AppError('invalid-input', `Cannot compare with checkpoint "${id}": it is of another session`);
}

// Never under the hands of an agent.
async function restoreQuietly({ keeper, running }: HandlerParts, goBack: GoBack) {
  const { checkpoint, session, paths, before } = goBack;
  const { cwd: folder, id: sessionId } = session;
  if (checkpoint.folder !== folder) {
    const why = `it is of the folder "${checkpoint.folder}", and the session works in "${folder}"`;
    throw new AppError('conflict', `Cannot restore checkpoint "${checkpoint.id}": ${why}`);
  }
  requireQuiet(running, folder);
  return keeper.restore({
    ...{ checkpoint, sessionId, folder, paths },
    async before() {
      // Asked again: the folder's queue may have been long.
      requireQuiet(running, folder);
      await before?.();
    },
  });
}

function requireQuiet(running: RunningTurns, folder: string): void {
  const busy = running.findIn(folder);
  if (busy === undefined) return;
  const why = `session "${busy}" is at work in this folder`;
  throw new AppError('conflict', `Cannot restore while ${why}: wait for the end of its turn, or interrupt it`);
}

function toView({ tree: _, folder: __, ...view }: StoredCheckpoint): CheckpointView {
  return view;
}
