import { STOP_BOUNDS, type StopBounds, endFamily } from './end-family.ts';
import { createProcessFamily } from './process-family.ts';
import type { SoughtMarker } from './process-marker.ts';

/**
 * Ends the processes that carry a marker, with all their descendants; for a session, or one of its commands, whose agent
 * runs on. Answers how many were found. Linux only, because elsewhere environments of other processes cannot be read.
 */
export async function endMarked(options: { marker: SoughtMarker; bounds?: Partial<StopBounds> }): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const family = createProcessFamily({ marker: options.marker });
  const found = await family.find();
  if (found.length > 0) await endFamily(family, { bounds: { ...STOP_BOUNDS, ...options.bounds }, from: 'terminate' });
  return found.length;
}
