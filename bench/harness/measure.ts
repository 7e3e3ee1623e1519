/** One figure of a benchmark. */
export interface Measure {
  name: string;
  value: number;
  unit: string;
  /** What we hold ourselves to, on a machine with two cores. Absent: for information. */
  target?: Target;
}

export type Target = { atMost: number } | { atLeast: number };

/** The value below which this share of the values lies; 0 for none. */
export function toQuantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function toMedian(values: readonly number[]): number {
  return toQuantile(values, 0.5);
}

export function isReached(value: number, target: Target): boolean {
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}

/** Runs one after the other, never side by side: they would share two cores. */
export async function repeat(runs: number, measure: (run: number) => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let run = 0; run < runs; run += 1) values.push(await measure(run));
  return values;
}
