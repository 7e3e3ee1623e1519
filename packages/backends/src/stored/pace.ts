import { setImmediate } from 'node:timers/promises';

/** Lets long work give way to everything else now and then. */
export interface Pace {
  /** Whether the slice is used up: time to `rest`. */
  isDue(): boolean;
  rest(): Promise<void>;
}

/** Well under the 10 ms at which a person or a socket would notice. */
const SLICE_MS = 4;

export function createPace(sliceMs = SLICE_MS): Pace {
  let since = performance.now();
  return {
    isDue: () => performance.now() - since >= sliceMs,
    async rest() {
      await setImmediate();
      since = performance.now();
    },
  };
}
