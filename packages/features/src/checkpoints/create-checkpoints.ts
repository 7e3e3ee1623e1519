import { join } from 'node:path';
import type { Clock, Engine, Feature, RecordStore } from '@baton/core';
import type { SessionId } from '@baton/protocol';
import { type CheckpointRoutes, createCheckpointHandlers } from './checkpoint-handlers.ts';
import { type CheckpointKeeper, createCheckpointKeeper } from './checkpoint-keeper.ts';
import { type CheckpointLog, createCheckpointLog } from './checkpoint-log.ts';
import { createRepositories } from './repositories.ts';
import { createRunningTurns } from './running-turns.ts';
import { createTurnSaver } from './save-turns.ts';

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
  const { engine, records, clock, automatic, onFault } = parts;
  const repositories = createRepositories({ home: join(parts.dataDir, 'checkpoints'), env: parts.env });
  const log = createCheckpointLog(records);
  const keeper = createCheckpointKeeper({ engine, log, repositories, clock });
  const running = createRunningTurns();
  const saver = createTurnSaver(keeper, { engine, onFault });
  const endings = [
    engine.onRecorded((recorded, view) => {
      running.hear(view);
      if (automatic) saver.hear(recorded, view);
    }),
    engine.onDeleted((sessionId) => {
      running.forget(sessionId);
      forget({ log, keeper }, sessionId).catch(onFault);
    }),
  ];
  return {
    id: 'checkpoints',
    handlers: createCheckpointHandlers({ engine, records, log, keeper, running, saver }),
    ...(automatic ? { beforeTurn: saver.saveStart } : {}),
    async start() {
      sweep(engine, { log, keeper }).catch(onFault);
    },
    async stop() {
      for (const end of endings) end();
      await repositories.close();
    },
  };
}

interface Kept {
  log: CheckpointLog;
  keeper: CheckpointKeeper;
}

async function forget({ log, keeper }: Kept, sessionId: SessionId): Promise<void> {
  const known = (await log.sessions()).find((each) => each.sessionId === sessionId);
  if (known !== undefined) await keeper.forget(sessionId, known.folder);
}

// A server that ended between deleting a session and giving up its checkpoints.
async function sweep(engine: Engine, { log, keeper }: Kept): Promise<void> {
  for (const { sessionId, folder } of await log.sessions()) {
    const { events } = await engine.readEvents(sessionId, { after: 0, limit: 1 });
    if (events.length === 0) await keeper.forget(sessionId, folder);
  }
}
