import { parentPort, workerData } from 'node:worker_threads';
import { serveHistory } from '../serve-history.ts';

// A thread of the index that reading "bad" ends, as a conversation does that needs more memory than there is.

const { path, suspects } = workerData;
const stored = {
  async *list() {
    for (const ref of ['good', 'bad', 'fine']) yield { ref, version: '1', changedAt: 1 };
  },
  async read(ref: string) {
    if (ref === 'bad') {
      setImmediate(() => {
        throw new Error('out of memory');
      });
      await new Promise(() => {});
    }
    return undefined;
  },
};
const clock = { now: () => Date.now(), after: () => () => undefined };
if (parentPort !== null) serveHistory(parentPort, { path, suspects, sources: [{ backend: 'fragile', stored }], clock });
