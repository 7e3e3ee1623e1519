import type { RecordStore } from '@baton/core';
import { type CheckpointId, checkpointViewSchema, sessionIdSchema, type SessionId, type TurnId } from '@baton/protocol';
import { z } from 'zod';

const storedSchema = checkpointViewSchema.extend({
  /** The object that holds it, in the repository of `folder`. */
  tree: z.string(),
  folder: z.string(),
});
export type StoredCheckpoint = z.infer<typeof storedSchema>;

/** What is known of checkpoints; the files themselves are in the private repositories. */
export interface CheckpointLog {
  /** Oldest first. */
  list(sessionId: SessionId): Promise<StoredCheckpoint[]>;
  find(id: CheckpointId): Promise<StoredCheckpoint | undefined>;
  findTurnEnd(sessionId: SessionId, turnId: TurnId): Promise<StoredCheckpoint | undefined>;
  add(checkpoint: StoredCheckpoint): Promise<void>;
  /** Forgets all of a session. */
  remove(sessionId: SessionId): Promise<void>;
  /** Sessions that have any. */
  sessions(): Promise<{ sessionId: SessionId; folder: string }[]>;
}

// A collection per session, so that a long history of others costs nothing; and where each id belongs.
const OWNERS = 'checkpoint-owners';
export const FOLDERS = 'checkpoint-folders';
const toCollection = (sessionId: SessionId) => `checkpoints/${sessionId}`;

export function createCheckpointLog(records: RecordStore): CheckpointLog {
  async function list(sessionId: SessionId): Promise<StoredCheckpoint[]> {
    return (await records.list(toCollection(sessionId))).map(({ value }) => storedSchema.parse(value));
  }

  return {
    list,
    async find(id) {
      const owner = await records.read(OWNERS, id);
      if (owner === undefined) return undefined;
      const stored = await records.read(toCollection(sessionIdSchema.parse(owner)), id);
      return stored === undefined ? undefined : storedSchema.parse(stored);
    },
    async findTurnEnd(sessionId, turnId) {
      const all = await list(sessionId);
      return all.findLast((each) => each.trigger === 'turn-ended' && each.turnId === turnId);
    },
    async add(checkpoint) {
      const { id, sessionId, folder } = checkpoint;
      // Asked for together, they share one commit.
      await Promise.all([
        records.put(FOLDERS, [{ id: sessionId, value: folder }]),
        records.put(OWNERS, [{ id, value: sessionId }]),
        records.put(toCollection(sessionId), [{ id, value: checkpoint }]),
      ]);
    },
    async remove(sessionId) {
      const ids = (await records.list(toCollection(sessionId))).map(({ id }) => id);
      await Promise.all([
        records.remove(OWNERS, ids),
        records.remove(toCollection(sessionId), ids),
        records.remove(FOLDERS, [sessionId]),
      ]);
    },
    async sessions() {
      const all = await records.list(FOLDERS);
      return all.map(({ id, value }) => ({ sessionId: sessionIdSchema.parse(id), folder: z.string().parse(value) }));
    },
  };
}
