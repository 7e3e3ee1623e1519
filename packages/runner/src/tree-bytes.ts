import { toMembers } from './process-family.ts';
import { readProcessTable } from './process-table.ts';
import { readUsage } from './process-usage.ts';

/**
 * Memory that a process and all that it started hold now, in bytes; what they share counts for each. 0 when it is gone or the
 * system does not tell.
 */
export async function readTreeBytes(pid: number): Promise<number> {
  const usage = await readUsage(toMembers(await readProcessTable(), [pid]).map((member) => member.pid));
  return [...usage.values()].reduce((sum, { rssBytes }) => sum + rssBytes, 0);
}
