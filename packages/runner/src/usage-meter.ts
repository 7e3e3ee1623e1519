import { toMembers } from './process-family.ts';
import { type FoundMarker, readMarker } from './process-marker.ts';
import { mapInTurns, type ProcessEntry, readEnviron, readProcessTable } from './process-table.ts';
import { type ProcessUsage, readUsage } from './process-usage.ts';

/** All processes of one session together, or of several that share one; without any, those that wait or help the server. */
export interface FamilyUsage {
  sessions: readonly string[];
  members: readonly ProcessEntry[];
  /** The first process, where it is not the session's own: it outlives the session, which lets go of it. */
  pool?: ProcessEntry;
  /** What all hold; memory that they share counts for each. */
  rssBytes: number;
  /** Since this family was first measured, by processes that were there before; never less than at the measurement before. */
  cpuMs: number;
  /** Of one core, since the measurement before; absent at the first one. */
  cpuPercent?: number;
}

export interface UsageMeter {
  /**
   * `roots`: the first process of each session, as far as it is known; one that several name is shared by them. What a shared
   * process began for one of its sessions counts for that one, where its marker says so. A session without a living process
   * is left out.
   */
  measure(roots: ReadonlyMap<string, number>): Promise<FamilyUsage[]>;
}

/**
 * Measures what a server's agents take, whole process trees. On Linux a process that left its tree is found by its marker;
 * elsewhere only descendants are, and on Windows nothing is.
 */
export function createUsageMeter({ server }: { server: string }): UsageMeter {
  const marks = createMarks(server);
  let before: { at: number; usage: Map<string, number> } | undefined;
  let totals = new Map<string, number>();

  async function measure(roots: ReadonlyMap<string, number>): Promise<FamilyUsage[]> {
    const table = (await readProcessTable()).filter(({ pid }) => pid !== process.pid);
    const families = toFamilies(table, await marks.read(table), roots);
    const usage = await readUsage(families.flatMap(({ members }) => members.map(({ pid }) => pid)));
    const at = performance.now();
    const last = before;
    before = { at, usage: new Map(families.flatMap(({ members }) => toSpent(members, usage))) };
    const measured = families.map(({ key, members, pool }) => {
      const taken = last === undefined ? 0 : toTaken(toSpent(members, usage), last.usage);
      return {
        ...{ sessions: toSessions(key), members, cpuMs: (totals.get(key) ?? 0) + taken },
        rssBytes: members.reduce((sum, { pid }) => sum + (usage.get(pid)?.rssBytes ?? 0), 0),
        ...(last === undefined ? {} : { cpuPercent: toPercent(taken, at - last.at) }),
        ...(pool === undefined ? {} : { pool }),
      };
    });
    totals = new Map(measured.map(({ sessions, cpuMs }) => [toKey(sessions), cpuMs]));
    return measured;
  }

  return { measure };
}

const toName = ({ pid, startTime }: ProcessEntry): string => `${pid} ${startTime}`;

function toSpent(members: readonly ProcessEntry[], usage: ReadonlyMap<number, ProcessUsage>): [string, number][] {
  return members.map((entry) => [toName(entry), usage.get(entry.pid)?.cpuMs ?? 0]);
}

// What was not there before may have run for long: it counts from the next measurement on.
function toTaken(spent: readonly [string, number][], before: ReadonlyMap<string, number>): number {
  return spent.reduce((sum, [name, cpuMs]) => sum + Math.max(0, cpuMs - (before.get(name) ?? cpuMs)), 0);
}

function toPercent(taken: number, ms: number): number {
  return ms <= 0 ? 0 : (taken / ms) * 100;
}

/** The sessions of a family as one word; empty for none. */
function toKey(sessions: readonly string[]): string {
  return sessions.join(' ');
}

function toSessions(key: string): string[] {
  return key === '' ? [] : key.split(' ');
}

interface Family {
  key: string;
  members: ProcessEntry[];
  pool?: ProcessEntry;
}

type Mark = FoundMarker | null;

function toFamilies(
  table: readonly ProcessEntry[],
  marks: readonly Mark[],
  roots: ReadonlyMap<string, number>,
): Family[] {
  const owners = toOwners(roots);
  const runs = new Map(
    table.flatMap(({ pid }, index): [string, string][] => {
      const [run, owner] = [marks[index]?.run, owners.get(pid)];
      return run === undefined || owner === undefined ? [] : [[run, owner]];
    }),
  );
  const seeds = new Map<string, number[]>();
  const pools = new Map<string, ProcessEntry>();
  for (const [index, entry] of table.entries()) {
    const { pid } = entry;
    const mark = marks[index] ?? null;
    const key = owners.get(pid) ?? (mark === null ? undefined : toOwner(mark, roots, runs));
    if (key !== undefined) seeds.set(key, [...(seeds.get(key) ?? []), pid]);
    if (owners.has(pid) && isPool(mark, key ?? '')) pools.set(key ?? '', entry);
  }
  const taken = new Set<number>();
  const ordered = [...seeds].sort(([left], [right]) => toRank(left, roots) - toRank(right, roots));
  return ordered.flatMap(([key, pids]) => {
    const members = toMembers(table, pids).filter(({ pid }) => !taken.has(pid));
    for (const { pid } of members) taken.add(pid);
    const pool = pools.get(key);
    return members.length === 0 ? [] : [{ key, members, ...(pool === undefined ? {} : { pool }) }];
  });
}

// Whose a first process is: of all that name it.
function toOwners(roots: ReadonlyMap<string, number>): Map<number, string> {
  const owners = new Map<number, string[]>();
  for (const [session, pid] of roots) owners.set(pid, [...(owners.get(pid) ?? []), session].sort());
  return new Map([...owners].map(([pid, sessions]) => [pid, toKey(sessions)]));
}

// It carries a name for all its sessions.
function isPool(mark: Mark, key: string): boolean {
  return key.includes(' ') || (mark?.session !== undefined && mark.session !== key);
}

// A process that was started before there was a session for it, and what left it, is known by its run alone.
function toOwner({ session, run }: FoundMarker, roots: ReadonlyMap<string, number>, runs: ReadonlyMap<string, string>) {
  if (session !== undefined && roots.has(session)) return session;
  return runs.get(run ?? '') ?? session ?? '';
}

// What is begun for one session by a process of several, or of none, belongs to that one: the closest owner comes first.
function toRank(key: string, roots: ReadonlyMap<string, number>): number {
  if (roots.has(key)) return 0;
  if (key.includes(' ')) return 1;
  return key === '' ? 3 : 2;
}

/** A process that has just been forked still has the environment of its parent, so the first looks may see no marker. */
const LOOKS = 3;

// The environment of a process does not change: it is read a few times at most, and not once a second.
function createMarks(server: string) {
  let known = new Map<string, { mark: Mark; looks: number }>();
  return {
    /** Per process; null for one that is not ours. */
    async read(table: readonly ProcessEntry[]): Promise<Mark[]> {
      const found = await mapInTurns(table, (entry) => {
        const last = known.get(toName(entry));
        if (last !== undefined && (last.mark !== null || last.looks >= LOOKS)) return last;
        return { mark: readMarker(readEnviron(entry.pid), server), looks: (last?.looks ?? 0) + 1 };
      });
      known = new Map(
        table.flatMap((entry, index) => (found[index] === undefined ? [] : [[toName(entry), found[index]]])),
      );
      return found.map(({ mark }) => mark);
    },
  };
}
