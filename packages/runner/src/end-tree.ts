import { STOP_BOUNDS, endFamily } from './end-family.ts';
import { createProcessFamily } from './process-family.ts';
import { readMarker } from './process-marker.ts';
import { type ProcessEntry, readEnviron, readProcess } from './process-table.ts';

/**
 * Ends a process that need not be a child of this one, with all that came of it: SIGTERM, then SIGKILL, within the usual
 * bounds. Does nothing when it is gone, whoever has its number now.
 */
export async function endTree(root: ProcessEntry, { server }: { server: string }): Promise<void> {
  const run = readMarker(readEnviron(root.pid), server)?.run;
  if ((await readProcess(root.pid))?.startTime !== root.startTime) return;
  // Without a run of its own the family is its descendants alone.
  const family = createProcessFamily({ root, marker: { server, run: run ?? `none-${root.pid}` } });
  await endFamily(family, { bounds: STOP_BOUNDS, from: 'terminate' });
}
