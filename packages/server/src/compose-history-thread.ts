import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { openStored } from '@baton/backends/stored';
import { serveHistory } from '@baton/features/history-thread';
import { invariant } from '@baton/protocol';
import { systemClock } from './clock.ts';
import type { HistoryThreadData } from './history-threads.ts';

// What the thread of the index of conversations runs.

const { path, places, suspects }: HistoryThreadData = workerData;
invariant(parentPort !== null, 'the index of conversations runs in a thread of its own');
const sources = places.map(({ backend, place }) => ({ backend, stored: openStored(place) }));
serveHistory(parentPort, { path, sources, clock: systemClock, suspects, onLooked: collectGarbage });

// What thousands of conversations left behind goes back to the machine; V8 by itself would keep it for later.
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
