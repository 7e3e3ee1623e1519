import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FOLDERS } from './checkpoint-log.ts';
import { toGitDir } from './private-repository.ts';

export interface CheckpointsFound {
  /** Private repositories, by path, of folders that no session has checkpoints of. */
  strayRepositories: string[];
  /** Sessions that have checkpoints and are not there. */
  lostSessions: string[];
}

/** What is left over among the checkpoints of a data folder. Reads only. */
export async function examineCheckpoints(parts: {
  dataDir: string;
  listRecords(collection: string): readonly { id: string; value: unknown }[];
  hasSession(id: string): boolean;
}): Promise<CheckpointsFound> {
  const home = join(parts.dataDir, 'checkpoints');
  const kept = parts.listRecords(FOLDERS);
  const known = new Set(kept.map(({ value }) => toGitDir(home, String(value))));
  const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
  const repositories = entries.filter((entry) => entry.isDirectory() && /^[0-9a-f]{32}$/.test(entry.name));
  return {
    strayRepositories: repositories.map(({ name }) => join(home, name)).filter((path) => !known.has(path)),
    lostSessions: kept.map(({ id }) => id).filter((id) => !parts.hasSession(id)),
  };
}
