import { setTimeout as delay } from 'node:timers/promises';
import { repeat, toMedian, type Measure } from './harness/measure.ts';
import { readMemory } from './harness/process-figures.ts';
import { startServer } from './harness/server.ts';

const RUNS = 7;
/** What was only needed to start is given back by then. */
const SETTLE_MS = 5000;

/** Start-up of the built command with a fresh data folder, and what it holds when nothing happens. */
export async function benchStartUp(): Promise<Measure[]> {
  // The very first start compiles and fills the cache; it is told apart, not hidden.
  const [first = 0, ...times] = await repeat(RUNS + 1, measureStart);
  return [
    { name: 'start-up until healthy', value: toMedian(times), unit: 'ms', target: { atMost: 300 } },
    { name: 'start-up, the first of all', value: first, unit: 'ms' },
    { name: 'memory when idle', value: await measureMemory(), unit: 'MB', target: { atMost: 80 } },
  ];
}

async function measureStart(): Promise<number> {
  const server = await startServer();
  await server.stop();
  return server.startMs;
}

async function measureMemory(): Promise<number> {
  const server = await startServer();
  await delay(SETTLE_MS);
  const megabytes = readMemory(server.pid);
  await server.stop();
  return megabytes;
}
