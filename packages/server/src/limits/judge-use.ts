/** What the process trees of agents may take. Each is for one session; what several share may take it for each of them. */
export interface UseLimits {
  /** An agent that takes more memory is ended; 0: never. */
  memoryBytes: number;
  /** From here on its session is told; without a limit, of half the machine's memory. */
  memoryNoticeBytes: number;
  /** An agent that keeps so many cores busy is looked at. */
  busyCores: number;
  /** One that does for so long, and says nothing, is ended; 0: never. */
  busyMs: number;
  /** After so long its session is told. */
  busyNoticeMs: number;
}

/** What a process tree takes now. */
export interface Use {
  /** Milliseconds since the epoch, as all times here. */
  at: number;
  memoryBytes: number;
  /** All it has taken so far. */
  cpuMs: number;
  /** Since when no session of it was asked or heard. */
  silentSince: number;
  /** How many sessions it serves. */
  sessions: number;
}

/** What is remembered of a process tree from one look to the next. */
export interface Watched {
  toldOfMemory: boolean;
  /** The silence in which its session was told of its work. */
  toldOfSilence?: number;
  /** What it had taken when, oldest first, since it was last heard. */
  taken: readonly { at: number; cpuMs: number }[];
}

export const unwatched: Watched = { toldOfMemory: false, taken: [] };

/** `memory`: `bytes` of what is allowed. `work`: `cores` were kept busy for `ms`. */
export type Verdict =
  | { step: 'tell' | 'end'; what: 'memory'; bytes: number }
  | { step: 'tell' | 'end'; what: 'work'; cores: number; ms: number };

export interface Judgement {
  watched: Watched;
  /** At most one of each; an end comes alone. */
  verdicts: readonly Verdict[];
}

/** A tree that goes back below this part of the mark is told of again when it passes it again. */
const CALM = 0.8;
/** A little less than the whole counts as busy: it also waits for its disk. */
const NEARLY = 0.9;
const GRAIN_MS = 10_000;

/** Pure: whether what a process tree takes is too much, by what it took before. */
export function judgeUse(before: Watched, use: Use, limits: UseLimits): Judgement {
  const taken = toTaken(before.taken, use, limits);
  const memory = judgeMemory(before, use, limits);
  const work = judgeWork({ ...before, taken }, use, limits);
  const mark = toMemoryMark(limits, use.sessions);
  const watched: Watched = {
    taken,
    toldOfMemory: memory !== undefined || (before.toldOfMemory && use.memoryBytes > mark * CALM),
    ...(work === undefined ? toToldSilence(before, use) : { toldOfSilence: use.silentSince }),
  };
  const verdicts = [memory, work].filter((verdict) => verdict !== undefined);
  const end = verdicts.find(({ step }) => step === 'end');
  return { watched, verdicts: end === undefined ? verdicts : [end] };
}

/** From where on the sessions of a tree are told. Without a limit for each of them the mark is one of the whole machine. */
export function toMemoryMark({ memoryBytes, memoryNoticeBytes }: UseLimits, sessions: number): number {
  return memoryBytes === 0 ? memoryNoticeBytes : memoryNoticeBytes * sessions;
}

function toToldSilence({ toldOfSilence }: Watched, { silentSince }: Use): Pick<Watched, 'toldOfSilence'> {
  return toldOfSilence === silentSince ? { toldOfSilence } : {};
}

function judgeMemory({ toldOfMemory }: Watched, use: Use, limits: UseLimits): Verdict | undefined {
  const bytes = use.memoryBytes;
  const isOver = limits.memoryBytes > 0 && bytes > limits.memoryBytes * use.sessions;
  if (isOver) return { step: 'end', what: 'memory', bytes };
  const isHigh = bytes > toMemoryMark(limits, use.sessions);
  return isHigh && !toldOfMemory ? { step: 'tell', what: 'memory', bytes } : undefined;
}

// One look a window ago tells what was taken in it. Of looks in between one in ten seconds is enough.
function toTaken(before: Watched['taken'], { at, cpuMs, silentSince }: Use, limits: UseLimits): Watched['taken'] {
  const window = Math.max(limits.busyMs, limits.busyNoticeMs) + 2 * GRAIN_MS;
  const kept = before.filter((look) => look.at >= silentSince && look.at >= at - window && look.cpuMs <= cpuMs);
  const last = kept.at(-1);
  return last !== undefined && at - last.at < GRAIN_MS ? kept : [...kept, { at, cpuMs }];
}

function judgeWork({ taken, toldOfSilence }: Watched, use: Use, limits: UseLimits): Verdict | undefined {
  const over = limits.busyMs > 0 ? toBusy(taken, use, { limits, ms: limits.busyMs }) : undefined;
  if (over !== undefined) return { step: 'end', what: 'work', ...over };
  if (toldOfSilence === use.silentSince) return undefined;
  const high = toBusy(taken, use, { limits, ms: limits.busyNoticeMs });
  return high === undefined ? undefined : { step: 'tell', what: 'work', ...high };
}

function toBusy(taken: Watched['taken'], { at, cpuMs, sessions }: Use, mark: { limits: UseLimits; ms: number }) {
  const from = taken.findLast((look) => look.at <= at - mark.ms);
  if (from === undefined) return undefined;
  const cores = (cpuMs - from.cpuMs) / (at - from.at);
  return cores < mark.limits.busyCores * sessions * NEARLY ? undefined : { cores, ms: at - from.at };
}
