import { STOP_BOUNDS, type StopBounds, endFamily } from './end-family.ts';
import { createProcessFamily } from './process-family.ts';
import { type ProcessEntry, readProcess } from './process-table.ts';

/**
 * Ends what an earlier life of this server left running: processes that carry its marker and began before this process
 * did, with all their descendants. Call once at start, before anything is started. Answers how many were found.
 * Linux only, because elsewhere environments of other processes cannot be read; there it finds none.
 */
export async function endOrphans(options: { server: string; bounds?: Partial<StopBounds> }): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const spare = await toSpare();
  const family = createProcessFamily({ marker: { server: options.server }, spare });
  const found = await family.find();
  if (found.length > 0) await endFamily(family, { bounds: { ...STOP_BOUNDS, ...options.bounds }, from: 'terminate' });
  return found.length;
}

// Never an ancestor of this process (Baton started from a terminal of Baton), never one that began after it.
async function toSpare(): Promise<(entry: ProcessEntry) => boolean> {
  const self = await readProcess(process.pid);
  const ancestors = new Set<number>();
  for (let entry = self; entry !== undefined && !ancestors.has(entry.pid); entry = await readProcess(entry.parent)) {
    ancestors.add(entry.pid);
  }
  const ownStart = Number(self?.startTime ?? 0);
  return (entry) => ancestors.has(entry.pid) || Number(entry.startTime) > ownStart;
}
