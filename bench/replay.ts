import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { repeat, toMedian, type Measure } from './harness/measure.ts';
import { startServer, type BenchServer } from './harness/server.ts';
import { fillStore, toEventCount } from './harness/stored-log.ts';
import { connectViewer } from './harness/viewer.ts';

const TURNS = 1000;
const EVENTS = toEventCount(TURNS);
const RUNS = 7;
const PAGE = 1000;

/** A consumer that has missed ten thousand events, until it has them all: on the socket, and by pages of `GET events`. */
export async function benchReplay(): Promise<Measure[]> {
  const ids: string[] = [];
  const server = await startServer({
    async fill(dataDir, cwd) {
      mkdirSync(dataDir);
      ids.push(...(await fillStore(join(dataDir, 'baton.db'), { sessions: RUNS + 1, turns: TURNS, cwd })));
    },
  });
  try {
    // Compiles what the later runs have compiled.
    await resume(server, ids[RUNS] ?? '');
    const first = await repeat(RUNS, (run) => resume(server, ids[run] ?? ''));
    const again = await repeat(RUNS, (run) => resume(server, ids[run] ?? ''));
    const pages = await repeat(RUNS, (run) => readPages(server, ids[run] ?? ''));
    return [
      ...toMeasures('socket, session not in memory', first),
      ...toMeasures('socket', again),
      ...toMeasures('pages of GET events', pages),
      {
        name: 'replay over WebSocket',
        value: (EVENTS * 1000) / Math.min(...again),
        unit: 'events/s',
        target: { atLeast: 30_000 },
      },
    ];
  } finally {
    await server.stop();
  }
}

// The quietest run counts: what other programs take of the machine is most of any other.
function toMeasures(how: string, times: readonly number[]): Measure[] {
  const name = `resume ${EVENTS.toLocaleString('en-US')} events behind, ${how}`;
  return [
    { name: `${name}, median`, value: toMedian(times), unit: 'ms' },
    { name: `${name}, quietest`, value: Math.min(...times), unit: 'ms', target: { atMost: 300 } },
  ];
}

async function resume(server: BenchServer, sessionId: string): Promise<number> {
  const viewer = await connectViewer(server);
  let seen = 0;
  viewer.onFrame = (frame) => {
    if (frame.type === 'event') seen += 1;
  };
  const caughtUp = viewer.until((frame) => frame.type === 'caught-up');
  const startedAt = performance.now();
  viewer.send({ type: 'subscribe', sessionId, after: 0 });
  await caughtUp;
  const milliseconds = performance.now() - startedAt;
  viewer.close();
  return checked(seen, milliseconds);
}

async function readPages(server: BenchServer, sessionId: string): Promise<number> {
  const startedAt = performance.now();
  let seen = 0;
  for (;;) {
    const answer = await server.request('GET', `/sessions/${sessionId}/events?after=${seen}&limit=${PAGE}`);
    const { events } = (await answer.json()) as { events: unknown[] };
    seen += events.length;
    if (events.length < PAGE) return checked(seen, performance.now() - startedAt);
  }
}

function checked(seen: number, milliseconds: number): number {
  if (seen !== EVENTS) throw new Error(`${seen} events came of ${EVENTS}`);
  return milliseconds;
}
