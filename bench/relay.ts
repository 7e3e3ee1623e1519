import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startBareRelay } from './harness/bare-relay.ts';
import { createLoadSessions, ONLY_STREAMS, streamAll, subscribeAll } from './harness/load-sessions.ts';
import type { Measure } from './harness/measure.ts';
import { measureStream, type StreamFigures, summarise, toStream } from './harness/measure-stream.ts';
import { createLoopProbe, readMemory } from './harness/process-figures.ts';
import { startServer } from './harness/server.ts';
import { fillStore } from './harness/stored-log.ts';
import { connectViewer } from './harness/viewer.ts';

const STORED = 1000;
const SESSIONS = 50;
const RATE = 50;
const SECONDS = 4;
const STREAM = toStream(RATE, SECONDS);
const ROUNDS = 3;

/**
 * Fifty agents that stream, through Baton and through the least that a relay can be, turn about: what other programs on the
 * machine take is taken from both.
 */
export async function benchRelay(): Promise<Measure[]> {
  const probe = createLoopProbe();
  const bare = await startBareRelay({ agents: SESSIONS, sockets: 1, env: probe.env });
  const server = await startServer({ env: { ...probe.env, ...ONLY_STREAMS }, fill: fillWithSessions });
  try {
    const ids = await createLoadSessions(server, SESSIONS);
    const pids = [server.pid, server.readRunnerPid()];
    const viewer = await connectViewer(server);
    await subscribeAll(viewer, ids);
    const rounds = { bare: [] as StreamFigures[], baton: [] as StreamFigures[] };
    // The first of each compiles what the later ones have compiled.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const alone = await measureStream({ pids: [bare.pid], probe, seconds: SECONDS }, (take) =>
        bare.stream(STREAM, take),
      );
      const through = await measureStream({ pids, probe, seconds: SECONDS }, async (take) => {
        viewer.onDelta = take;
        await streamAll(new Map(ids.map((id) => [id, [viewer]])), STREAM);
      });
      if (alone.seen !== through.seen) throw new Error(`${through.seen} deltas arrived of ${alone.seen}`);
      if (round > 0) rounds.bare.push(alone);
      if (round > 0) rounds.baton.push(through);
    }
    viewer.close();
    return [...toMeasures(rounds), ...toMemory(bare.pid, pids)];
  } finally {
    bare.stop();
    await server.stop();
  }
}

async function fillWithSessions(dataDir: string, cwd: string): Promise<void> {
  mkdirSync(dataDir);
  await fillStore(join(dataDir, 'baton.db'), { sessions: STORED, turns: 4, cwd });
}

function toMeasures({ bare, baton }: Record<'bare' | 'baton', StreamFigures[]>): Measure[] {
  const name = `relay, ${SESSIONS} sessions of ${RATE} deltas/s`;
  const of = (rounds: StreamFigures[], figure: keyof StreamFigures) => summarise(rounds, figure);
  const pair = (what: string, figure: keyof StreamFigures, unit: string): [Measure, Measure] => [
    { name: `${name}, ${what}, bare pipe`, value: of(bare, figure), unit },
    { name: `${name}, ${what}, Baton`, value: of(baton, figure), unit },
  ];
  const added = (figure: keyof StreamFigures) => of(baton, figure) - of(bare, figure);
  const [bareLoop, loop] = pair('event loop late, p99', 'loopP99', 'ms');
  return [
    ...pair('p50', 'p50', 'ms'),
    { name: `${name}, p50, what Baton adds`, value: added('p50'), unit: 'ms', target: { atMost: 1 } },
    ...pair('p99', 'p99', 'ms'),
    { name: `${name}, p99, what Baton adds`, value: added('p99'), unit: 'ms', target: { atMost: 10 } },
    ...[bareLoop, { ...loop, target: { atMost: 20 } }],
    ...pair('CPU for a delta', 'cpuPerDelta', 'µs'),
    ...pair('waited for a core', 'waitPercent', '%'),
    { name: `${name}, CPU, Baton / bare`, value: of(baton, 'cpuPerDelta') / of(bare, 'cpuPerDelta'), unit: 'x' },
  ];
}

function toMemory(bare: number, [server = 0, runner = 0]: readonly number[]): Measure[] {
  const name = `memory, ${STORED.toLocaleString('en-US')} stored and ${SESSIONS} live sessions`;
  return [
    { name: `${name}, bare pipe`, value: readMemory(bare), unit: 'MB' },
    { name: `${name}, server`, value: readMemory(server), unit: 'MB', target: { atMost: 200 } },
    { name: `${name}, runner`, value: readMemory(runner), unit: 'MB' },
  ];
}
