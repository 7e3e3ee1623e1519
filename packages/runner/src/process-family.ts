import { type SoughtMarker, hasMarker } from './process-marker.ts';
import { mapInTurns, type ProcessEntry, readEnviron, readProcessTable } from './process-table.ts';

/** A process and all that came of it. */
export interface ProcessFamily {
  /** Looks anew; the living members. */
  find(): Promise<ProcessEntry[]>;
  /** Sends a signal to every living member; answers how many there were. */
  signal(signal: NodeJS.Signals): Promise<number>;
}

export interface FamilyOptions {
  /** The first process, while or after it lives. Left out when only the marker is known. */
  root?: { pid: number; startTime: string };
  marker: SoughtMarker;
  /** Processes that are never members, whatever they carry. */
  spare?: (entry: ProcessEntry) => boolean;
}

/**
 * Members are: the root, descendants of a member, processes in a group or session that a member led, and (Linux)
 * processes whose environment carries the marker. Once seen, a member is remembered, so that children of a dead one are
 * not lost; a later process that got its pid is told apart by start time. This very process is never a member.
 */
export function createProcessFamily(options: FamilyOptions): ProcessFamily {
  const known = new Map<number, string>();
  if (options.root !== undefined) known.set(options.root.pid, options.root.startTime);

  async function find(): Promise<ProcessEntry[]> {
    const all = await readProcessTable();
    const table = all.filter((entry) => entry.pid !== process.pid && options.spare?.(entry) !== true);
    for (const entry of table)
      if (known.has(entry.pid) && known.get(entry.pid) !== entry.startTime) known.delete(entry.pid);
    const members = toMembers(table, [...known.keys(), ...(await findMarked(table, options.marker))]);
    for (const member of members) known.set(member.pid, member.startTime);
    return members;
  }

  return {
    find,
    async signal(signal) {
      const members = await find();
      for (const member of members) send(member.pid, signal);
      return members.length;
    },
  };
}

async function findMarked(table: readonly ProcessEntry[], marker: FamilyOptions['marker']): Promise<number[]> {
  const found = await mapInTurns(table, (entry) => hasMarker(readEnviron(entry.pid), marker));
  return table.filter((_, index) => found[index]).map((entry) => entry.pid);
}

/** The closure of `seeds` over child, group and session. */
export function toMembers(table: readonly ProcessEntry[], seeds: readonly number[]): ProcessEntry[] {
  const pids = new Set(seeds);
  for (let before = -1; before !== pids.size; ) {
    before = pids.size;
    for (const entry of table) {
      if (pids.has(entry.parent) || pids.has(entry.group) || pids.has(entry.session)) pids.add(entry.pid);
    }
  }
  return table.filter((entry) => pids.has(entry.pid));
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal, which is what was wanted.
  }
}
