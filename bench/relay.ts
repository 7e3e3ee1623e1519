import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BareRelay, startBareRelay } from './harness/bare-relay.ts';
import { createLoadSessions, streamAll, subscribeAll } from './harness/load-sessions.ts';
import { toMedian, toQuantile, type Measure } from './harness/measure.ts';
import { createLoopProbe, type LoopProbe, readCpuMs, readMemory } from './harness/process-figures.ts';
import { type BenchServer, startServer } from './harness/server.ts';
import { fillStore } from './harness/stored-log.ts';
import { connectViewer, type Viewer } from './harness/viewer.ts';
import { readDelays } from './load/stamp.ts';

const STORED = 1000;
const SESSIONS = 50;
const STREAM = { deltasPerSecond: 50, seconds: 4 };
const DELTAS = SESSIONS * STREAM.deltasPerSecond * STREAM.seconds;
const ROUNDS = 4;

/** What one relay did in one round. */
interface Round {
  p50: number;
  p99: number;
  loopP99: number;
  /** Of processor time, in microseconds. */
  cpuPerDelta: number;
}

/**
 * From the line that an agent writes to the frame that a peer reads, with fifty agents that stream, through Baton and
 * through the least that a relay can be, turn about: what other programs on the machine take is taken from both.
 */
export async function benchRelay(): Promise<Measure[]> {
  const probe = createLoopProbe();
  const server = await startServer({ env: probe.env, fill: fillWithSessions });
  const bare = await startBareRelay(SESSIONS, probe.env);
  try {
    const ids = await createLoadSessions(server, SESSIONS);
    const viewer = await connectViewer(server);
    await subscribeAll(viewer, ids);
    const rounds = { bare: [] as Round[], baton: [] as Round[] };
    // The first of each warms up.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const alone = await measure(bare.pid, probe, () => bare.stream(STREAM));
      const through = await measure(server.pid, probe, () => stream(viewer, ids));
      if (round === 0) continue;
      rounds.bare.push(alone);
      rounds.baton.push(through);
    }
    viewer.close();
    return [...toMeasures(rounds), ...toMemory(server, bare)];
  } finally {
    bare.stop();
    await server.stop();
  }
}

async function fillWithSessions(dataDir: string, cwd: string): Promise<void> {
  mkdirSync(dataDir);
  await fillStore(join(dataDir, 'baton.db'), { sessions: STORED, turns: 4, cwd });
}

async function stream(viewer: Viewer, ids: readonly string[]): Promise<number[]> {
  const delays: number[] = [];
  viewer.onFrame = (frame, at) => {
    if (frame.type === 'delta') delays.push(...readDelays(frame.text ?? '', at));
  };
  await streamAll(new Map(ids.map((id) => [id, [viewer]])), STREAM);
  return delays;
}

async function measure(pid: number, probe: LoopProbe, run: () => Promise<number[]>): Promise<Round> {
  await probe.read(pid);
  const before = readCpuMs(pid);
  const delays = await run();
  const cpuMs = readCpuMs(pid) - before;
  const loop = await probe.read(pid);
  if (delays.length !== DELTAS) throw new Error(`${delays.length} deltas arrived of ${DELTAS}`);
  return {
    p50: toQuantile(delays, 0.5),
    p99: toQuantile(delays, 0.99),
    loopP99: loop.p99,
    cpuPerDelta: (cpuMs * 1000) / DELTAS,
  };
}

function toMeasures({ bare, baton }: { bare: Round[]; baton: Round[] }): Measure[] {
  const name = `relay, ${SESSIONS} sessions of ${STREAM.deltasPerSecond} deltas/s`;
  const of = (rounds: Round[], figure: keyof Round) => toMedian(rounds.map((round) => round[figure]));
  const pair = (what: string, figure: keyof Round, unit: string) => [
    { name: `${name}, ${what}, bare pipe`, value: of(bare, figure), unit },
    { name: `${name}, ${what}, Baton`, value: of(baton, figure), unit },
  ];
  const added = (figure: keyof Round) => of(baton, figure) - of(bare, figure);
  return [
    ...pair('p50', 'p50', 'ms'),
    { name: `${name}, p50, what Baton adds`, value: added('p50'), unit: 'ms', target: { atMost: 1 } },
    ...pair('p99', 'p99', 'ms'),
    { name: `${name}, p99, what Baton adds`, value: added('p99'), unit: 'ms', target: { atMost: 10 } },
    ...pair('event loop late, p99', 'loopP99', 'ms').map((measure, index) =>
      index === 0 ? measure : { ...measure, target: { atMost: 20 } },
    ),
    ...pair('CPU for a delta', 'cpuPerDelta', 'µs'),
    { name: `${name}, CPU, Baton / bare`, value: of(baton, 'cpuPerDelta') / of(bare, 'cpuPerDelta'), unit: 'x' },
  ];
}

function toMemory(server: BenchServer, bare: BareRelay): Measure[] {
  const name = `memory, ${STORED.toLocaleString('en-US')} stored and ${SESSIONS} live sessions`;
  return [
    { name: `${name}, bare pipe`, value: readMemory(bare.pid), unit: 'MB' },
    { name: `${name}, Baton`, value: readMemory(server.pid), unit: 'MB', target: { atMost: 200 } },
  ];
}
