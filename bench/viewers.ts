import { startBareRelay } from './harness/bare-relay.ts';
import { createLoadSessions, ONLY_STREAMS, streamAll, subscribeAll } from './harness/load-sessions.ts';
import type { Measure } from './harness/measure.ts';
import { measureStream, type StreamFigures, summarise, toStream } from './harness/measure-stream.ts';
import { createLoopProbe, readMemory } from './harness/process-figures.ts';
import { startServer, type BenchServer } from './harness/server.ts';
import { connectViewer, type Viewer } from './harness/viewer.ts';

const IDLE = 1000;
const ACTIVE = 200;
const CONNECTS_AT_ONCE = 25;
const RATE = 50;
const SECONDS = 4;
const STREAM = toStream(RATE, SECONDS);
const ROUNDS = 2;

/**
 * A thousand viewers that watch lists or a quiet session, and two hundred of one that streams; beside it the least that a
 * relay can be, with the two hundred alone.
 */
export async function benchViewers(): Promise<Measure[]> {
  const probe = createLoopProbe();
  const bare = await startBareRelay({ agents: 1, sockets: ACTIVE, env: probe.env });
  const server = await startServer({ env: { ...probe.env, ...ONLY_STREAMS } });
  try {
    const [streaming = '', quiet = ''] = await createLoadSessions(server, 2);
    const pids = [server.pid, server.readRunnerPid()];
    const before = readMemory(server.pid);
    const idle = await connectAll(server, IDLE, (viewer, index) => idleAt(viewer, index % 2 === 0 ? quiet : undefined));
    const active = await connectAll(server, ACTIVE, (viewer) => subscribeAll(viewer, [streaming]));
    const rounds = { bare: [] as StreamFigures[], baton: [] as StreamFigures[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const alone = await measureStream({ pids: [bare.pid], probe, seconds: SECONDS }, (take) =>
        bare.stream(STREAM, take),
      );
      const through = await measureStream({ pids, probe, seconds: SECONDS }, async (take) => {
        for (const viewer of active) viewer.onDelta = take;
        await streamAll(new Map([[streaming, active]]), STREAM);
      });
      if (round > 0) rounds.bare.push(alone);
      if (round > 0) rounds.baton.push(through);
    }
    const memory = readMemory(server.pid);
    const viewers = [...idle, ...active];
    const gone = viewers.filter((viewer) => !viewer.isOpen).length;
    for (const viewer of viewers) viewer.close();
    return toMeasures(rounds, { memory, perViewer: ((memory - before) * 1024) / viewers.length, gone });
  } finally {
    bare.stop();
    await server.stop();
  }
}

async function connectAll(
  server: BenchServer,
  count: number,
  prepare: (viewer: Viewer, index: number) => Promise<unknown>,
): Promise<Viewer[]> {
  const viewers: Viewer[] = [];
  while (viewers.length < count) {
    const from = viewers.length;
    const more = Array.from({ length: Math.min(CONNECTS_AT_ONCE, count - from) }, async (_, index) => {
      const viewer = await connectViewer(server);
      await prepare(viewer, from + index);
      return viewer;
    });
    viewers.push(...(await Promise.all(more)));
  }
  return viewers;
}

// A page that is open: on a session in which nothing happens, or on the lists.
async function idleAt(viewer: Viewer, sessionId: string | undefined): Promise<void> {
  if (sessionId !== undefined) return subscribeAll(viewer, [sessionId]);
  const snapshot = viewer.until((frame) => frame.type === 'topic');
  for (const topic of ['sessions', 'approvals', 'notices']) viewer.send({ type: 'watch', topic });
  await snapshot;
}

interface Standing {
  memory: number;
  /** Kilobytes. */
  perViewer: number;
  gone: number;
}

function toMeasures(
  rounds: Record<'bare' | 'baton', StreamFigures[]>,
  { memory, perViewer, gone }: Standing,
): Measure[] {
  const name = `${IDLE.toLocaleString('en-US')} idle and ${ACTIVE} active viewers`;
  const of = (relay: 'bare' | 'baton', figure: keyof StreamFigures) => summarise(rounds[relay], figure);
  const pair = (what: string, figure: keyof StreamFigures, unit: string) => [
    { name: `${name}, ${what}, bare pipe`, value: of('bare', figure), unit },
    { name: `${name}, ${what}, Baton`, value: of('baton', figure), unit },
  ];
  const total = (relay: 'bare' | 'baton') => rounds[relay].reduce((sum, { seen }) => sum + seen, 0);
  return [
    ...pair('p50', 'p50', 'ms'),
    ...pair('p99', 'p99', 'ms'),
    { name: `${name}, p50, Baton / bare`, value: of('baton', 'p50') / of('bare', 'p50'), unit: 'x' },
    { name: `${name}, p99, Baton / bare`, value: of('baton', 'p99') / of('bare', 'p99'), unit: 'x' },
    ...pair('CPU of one core', 'cpuPercent', '%'),
    ...pair('waited for a core', 'waitPercent', '%'),
    ...pair('event loop late, p99', 'loopP99', 'ms'),
    { name: `${name}, memory`, value: memory, unit: 'MB' },
    { name: `${name}, memory for each`, value: perViewer, unit: 'KB' },
    { name: `${name}, deltas lost`, value: total('bare') - total('baton'), unit: '', target: { atMost: 0 } },
    { name: `${name}, viewers dropped`, value: gone, unit: '', target: { atMost: 0 } },
  ];
}
