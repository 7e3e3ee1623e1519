/** How long and how hard a soak runs. The same seed gives the same choices. */
export interface SoakOptions {
  rounds: number;
  /** Stops after this long even when rounds are left. */
  minutes: number;
  seed: number;
  print(line: string): void;
}

/** One figure of a soak. `bound` is what was promised; a soak that finds more throws. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  bound?: number;
}

/** What went wrong, with all that is needed to see it again. */
export class BrokenPromise extends Error {
  constructor(what: string, details: unknown) {
    super(`${what}: ${JSON.stringify(details).slice(0, 4000)}`);
    this.name = 'BrokenPromise';
  }
}

export function keep(promise: boolean, what: string, details: unknown = ''): asserts promise {
  if (!promise) throw new BrokenPromise(what, details);
}

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(chance: () => number, from: readonly T[]): T {
  const picked = from[Math.floor(chance() * from.length)];
  keep(picked !== undefined, 'there is something to pick from');
  return picked;
}

/** Whether time or rounds are left. */
export function createBudget({ rounds, minutes }: Pick<SoakOptions, 'rounds' | 'minutes'>): (done: number) => boolean {
  const deadline = performance.now() + minutes * 60_000;
  return (done) => done < rounds && performance.now() < deadline;
}

export function toQuantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
