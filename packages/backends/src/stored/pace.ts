import { setImmediate } from 'node:timers/promises';

/** Lets long work give way to everything else now and then. */
export interface Pace {
  /** Whether the slice is used up: time to `rest`. */
  isDue(): boolean;
  rest(): Promise<void>;
  /** Does the work for each, in order, and rests whenever it is due. */
  each<T>(items: Iterable<T>, work: (item: T) => void): Promise<void>;
}

/** Well under the 10 ms at which a person or a socket would notice. */
const SLICE_MS = 4;

export function createPace(sliceMs = SLICE_MS): Pace {
  let since = performance.now();
  const isDue = () => performance.now() - since >= sliceMs;

  async function rest(): Promise<void> {
    await setImmediate();
    since = performance.now();
  }

  return {
    isDue,
    rest,
    async each(items, work) {
      for (const item of items) {
        work(item);
        if (isDue()) await rest();
      }
    },
  };
}
