import { toMembers } from './process-family.ts';
import { readMarkedSession } from './process-marker.ts';
import { mapInTurns, type ProcessEntry, readEnviron, readProcessTable } from './process-table.ts';
import { type ProcessUsage, readUsage } from './process-usage.ts';

/** All processes of one session together; without a session, those that wait for one or help the server. */
export interface FamilyUsage {
  session?: string;
  processes: number;
  rssBytes: number;
  /** Of one core, since the measurement before; absent at the first one. */
  cpuPercent?: number;
}

export interface UsageMeter {
  /** `roots`: the first process of each session, as far as it is known. A session without a living process is left out. */
  measure(roots: ReadonlyMap<string, number>): Promise<FamilyUsage[]>;
}

/**
 * Measures what a server's agents take, whole process trees. On Linux a process that left its tree is found by its marker;
 * elsewhere only descendants are, and on Windows nothing is.
 */
export function createUsageMeter({ server }: { server: string }): UsageMeter {
  const marks = createMarks(server);
  let before: { at: number; usage: Map<string, number> } | undefined;

  async function measure(roots: ReadonlyMap<string, number>): Promise<FamilyUsage[]> {
    const table = (await readProcessTable()).filter(({ pid }) => pid !== process.pid);
    const families = toFamilies(table, await marks.read(table), roots);
    const usage = await readUsage(families.flatMap(({ members }) => members.map(({ pid }) => pid)));
    const at = performance.now();
    const last = before;
    before = { at, usage: new Map(families.flatMap(({ members }) => toSpent(members, usage))) };
    return families.map(({ session, members }) => ({
      ...(session === undefined ? {} : { session }),
      processes: members.length,
      rssBytes: members.reduce((sum, { pid }) => sum + (usage.get(pid)?.rssBytes ?? 0), 0),
      ...(last === undefined ? {} : { cpuPercent: toPercent(toSpent(members, usage), last.usage, at - last.at) }),
    }));
  }

  return { measure };
}

const toKey = ({ pid, startTime }: ProcessEntry): string => `${pid} ${startTime}`;

function toSpent(members: readonly ProcessEntry[], usage: ReadonlyMap<number, ProcessUsage>): [string, number][] {
  return members.map((entry) => [toKey(entry), usage.get(entry.pid)?.cpuMs ?? 0]);
}

// What was not there before may have run for long: it counts from the next measurement on.
function toPercent(spent: readonly [string, number][], before: ReadonlyMap<string, number>, ms: number): number {
  const taken = spent.reduce((sum, [key, cpuMs]) => sum + Math.max(0, cpuMs - (before.get(key) ?? cpuMs)), 0);
  return ms <= 0 ? 0 : (taken / ms) * 100;
}

interface Family {
  session: string | undefined;
  members: ProcessEntry[];
}

function toFamilies(
  table: readonly ProcessEntry[],
  marks: readonly (string | null | undefined)[],
  roots: ReadonlyMap<string, number>,
): Family[] {
  const seeds = new Map<string | undefined, number[]>();
  const add = (session: string | undefined, pid: number) => seeds.set(session, [...(seeds.get(session) ?? []), pid]);
  for (const [session, pid] of roots) add(session, pid);
  for (const [index, { pid }] of table.entries()) {
    const mark = marks[index];
    if (mark !== null) add(mark, pid);
  }
  const taken = new Set<number>();
  // Those without a session last: what one of them began for a session belongs to it.
  const ordered = [...seeds].sort(([left], [right]) => Number(left === undefined) - Number(right === undefined));
  return ordered.flatMap(([session, pids]) => {
    const members = toMembers(table, pids).filter(({ pid }) => !taken.has(pid));
    for (const { pid } of members) taken.add(pid);
    return members.length === 0 ? [] : [{ session, members }];
  });
}

/** A process that has just been forked still has the environment of its parent, so the first looks may see no marker. */
const LOOKS = 3;

// The environment of a process does not change: it is read a few times at most, and not once a second.
function createMarks(server: string) {
  let known = new Map<string, { mark: string | null | undefined; looks: number }>();
  return {
    /** Per process: its session, undefined for one without a session, null for one that is not ours. */
    async read(table: readonly ProcessEntry[]): Promise<(string | null | undefined)[]> {
      const found = await mapInTurns(table, (entry) => {
        const last = known.get(toKey(entry));
        if (last !== undefined && (last.mark !== null || last.looks >= LOOKS)) return last;
        return { mark: readMarkedSession(readEnviron(entry.pid), server), looks: (last?.looks ?? 0) + 1 };
      });
      known = new Map(
        table.flatMap((entry, index) => (found[index] === undefined ? [] : [[toKey(entry), found[index]]])),
      );
      return found.map(({ mark }) => mark);
    },
  };
}
