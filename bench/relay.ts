import { toQuantile, type Measure, type Target } from './harness/measure.ts';
import { createSession, startServer, type BenchServer } from './harness/server.ts';
import { connectViewer, type SeenFrame, type Viewer } from './harness/viewer.ts';
import { createLoadAgentCommand } from './load/load-agent-command.ts';
import { readDelays } from './load/stamp.ts';

const RATE = 50;
const SECONDS = 10;
const WARM_UP_SECONDS = 1;
const MANY_VIEWERS = 200;

/** From the line an agent writes to the frame a peer reads, in milliseconds. */
export async function benchRelay(): Promise<Measure[]> {
  const server = await startServer({ env: { BATON_CLAUDE: createLoadAgentCommand() } });
  try {
    const one = await measureRelay(server, { sessions: 1, viewers: 1 });
    const twenty = await measureRelay(server, { sessions: 20, viewers: 1 });
    const watched = await measureRelay(server, { sessions: 1, viewers: MANY_VIEWERS });
    return [
      ...toMeasures('relay, 1 session of 50 deltas/s', one, {}),
      ...toMeasures('relay, 20 sessions of 50 deltas/s', twenty, { p50: { atMost: 1 }, p99: { atMost: 10 } }),
      ...toMeasures(`relay, 1 session with ${MANY_VIEWERS} viewers`, watched, {}),
    ];
  } finally {
    await server.stop();
  }
}

function toMeasures(name: string, delays: readonly number[], targets: { p50?: Target; p99?: Target }): Measure[] {
  const { p50, p99 } = targets;
  return [
    { name: `${name}, p50`, value: toQuantile(delays, 0.5), unit: 'ms', ...(p50 === undefined ? {} : { target: p50 }) },
    {
      name: `${name}, p99`,
      value: toQuantile(delays, 0.99),
      unit: 'ms',
      ...(p99 === undefined ? {} : { target: p99 }),
    },
  ];
}

interface Load {
  sessions: number;
  viewers: number;
}

async function measureRelay(server: BenchServer, load: Load): Promise<number[]> {
  const ids = await Promise.all(
    Array.from({ length: load.sessions }, () => createSession(server, { backend: 'claude' })),
  );
  const viewers = await Promise.all(Array.from({ length: load.viewers }, () => connectViewer(server)));
  await Promise.all(viewers.map((viewer) => subscribeAll(viewer, ids)));
  await streamAll(viewers, ids, WARM_UP_SECONDS);
  const delays = await streamAll(viewers, ids, SECONDS);
  for (const viewer of viewers) viewer.close();
  await Promise.all(ids.map((id) => server.request('POST', `/sessions/${id}/stop`)));
  return delays;
}

async function subscribeAll(viewer: Viewer, ids: readonly string[]): Promise<void> {
  const ready = ids.map((id) => viewer.until((frame) => frame.type === 'caught-up' && frame.sessionId === id));
  for (const sessionId of ids) viewer.send({ type: 'subscribe', sessionId, after: 0 });
  await Promise.all(ready);
}

// Every session streams once; answers the delays that all viewers saw.
async function streamAll(viewers: readonly Viewer[], ids: readonly string[], seconds: number): Promise<number[]> {
  const delays: number[] = [];
  for (const viewer of viewers) {
    viewer.onFrame = (frame, at) => {
      if (frame.type === 'delta') delays.push(...readDelays(frame.text ?? '', at));
    };
  }
  const ended = viewers.flatMap((viewer) => ids.map((id) => viewer.until((frame) => isTurnEnd(frame, id))));
  for (const id of ids) viewers[0]?.prompt(id, `stream ${RATE * seconds} deltas at ${RATE} per second`);
  await Promise.all(ended);
  return delays;
}

function isTurnEnd(frame: SeenFrame, id: string): boolean {
  return frame.type === 'event' && frame.sessionId === id && frame.event?.type === 'turn.ended';
}
