import { benchStore as measureStore } from '../packages/store/bench/store-bench.ts';
import type { Measure, Target } from './harness/measure.ts';

const TARGETS: Readonly<Record<string, Target>> = {
  'store.durable-appends': { atLeast: 10_000 },
  'store.replay': { atLeast: 100_000 },
};

/** The SQLite store by itself, in this process. */
export async function benchStore(): Promise<Measure[]> {
  const measures = await measureStore();
  return measures.map((measure) => {
    const target = TARGETS[measure.name];
    return target === undefined ? measure : { ...measure, target };
  });
}
