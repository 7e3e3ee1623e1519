import { createBatonClient } from '@baton/client';
import { createId, sessionViewSchema } from '@baton/protocol';
import { startRehearsal } from '@baton/rehearsal';
import { rehearsalEnv } from '../harness/agents.ts';
import { type BatonProcess, OWNER_KEY, startBaton } from '../harness/baton-process.ts';
import { eventually } from '../harness/eventually.ts';
import { connectInspector, findInspector, type Holdings, type Inspector } from './inspect-process.ts';
import { createBudget, type Figure, keep, type SoakOptions } from './soak.ts';

/** How far a server may be from where it was after its first sessions. */
export const TOLERANCE = { heapMb: 8, files: 4, timers: 4, handles: 4, listeners: 0 } as const;

const AT_ONCE = 8;

/** A whole life of a session: made, prompted, seen by two viewers of which one comes back, stopped and deleted. */
async function liveOnce(baton: BatonProcess, env: Record<string, string>): Promise<void> {
  const { body } = await baton.request('POST', '/sessions', { backend: 'worker', cwd: baton.root, env });
  const { id: sessionId } = sessionViewSchema.parse(body);
  const viewers = [connect(baton), connect(baton)] as const;
  const handles = viewers.map((viewer) => viewer.openSession(sessionId));
  for (let count = 1; count <= 2; count += 1) {
    await viewers[0].send({ type: 'turn.start', sessionId, turnId: createId('turn'), input: `number ${count}` });
    const done = () => handles.every((handle) => handle.get().timeline.turns.filter(isOver).length === count);
    await eventually(() => done() || undefined, { what: () => `both see turn ${count} of ${sessionId} end` });
    viewers[1].reconnect();
  }
  for (const viewer of viewers) viewer.close();
  await baton.request('POST', `/sessions/${sessionId}/stop`);
  const { status } = await baton.request('DELETE', `/sessions/${sessionId}`);
  keep(status === 204, 'a session can be deleted', { status });
}

const isOver = ({ state }: { state: string }): boolean => state === 'completed';

function connect(baton: BatonProcess) {
  return createBatonClient({ url: baton.url, key: OWNER_KEY, scheduler: (run) => void setImmediate(run) });
}

async function live(baton: BatonProcess, env: Record<string, string>, sessions: number): Promise<void> {
  let left = sessions;
  const one = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      await liveOnce(baton, env);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

// What ends a moment later, such as a socket's last packet, is waited for; what stays is a leak.
async function readAtRest(inspector: Inspector, base?: Holdings): Promise<Holdings> {
  const names = ['files', 'timers', 'handles'] as const;
  let last = await inspector.read();
  if (base === undefined) return last;
  await eventually(
    async () => {
      last = await inspector.read();
      return names.every((name) => last[name] <= (base[name] ?? 0) + TOLERANCE[name]) || undefined;
    },
    { what: () => `rest: ${JSON.stringify({ base, last })}`, timeoutMs: 12_000, intervalMs: 250 },
  ).catch(() => undefined);
  return last;
}

/** Rounds are sessions. The first tenth (at least 40) warms the server up; all after it must leave nothing behind. */
export async function soakTime(options: SoakOptions): Promise<Figure[]> {
  const rehearsal = await startRehearsal({ scenario: 'echo' });
  const baton = await startBaton({
    env: { NODE_OPTIONS: '--inspect=127.0.0.1:0', BATON_CHECKPOINTS: 'manual', BATON_FRAMES_PER_SECOND: '100000' },
  });
  let inspector: Inspector | undefined;
  try {
    inspector = await connectInspector(
      await eventually(() => findInspector(baton.output()), { what: () => baton.output() }),
    );
    return await measure({ baton, inspector, env: rehearsalEnv(rehearsal) }, options);
  } finally {
    // Node does not end while somebody inspects it.
    inspector?.close();
    await baton.kill('SIGTERM');
    await rehearsal.close();
  }
}

interface Inspected {
  baton: BatonProcess;
  inspector: Inspector;
  env: Record<string, string>;
}

async function measure({ baton, inspector, env }: Inspected, options: SoakOptions): Promise<Figure[]> {
  const warm = Math.max(40, Math.floor(options.rounds / 10));
  await live(baton, env, warm);
  const before = await readAtRest(inspector);
  const isLeft = createBudget(options);
  let done = 0;
  while (isLeft(done)) {
    const batch = Math.min(100, options.rounds - done);
    await live(baton, env, batch);
    done += batch;
    const now = await inspector.read();
    options.print(`time: ${done} sessions, ${now.heapMb.toFixed(1)} MB heap, ${now.files} files, ${now.timers} timers`);
  }
  return toFigures(done, before, await readAtRest(inspector, before));
}

function toFigures(sessions: number, before: Holdings, after: Holdings): Figure[] {
  const grown = (name: keyof typeof TOLERANCE, unit: string): Figure => ({
    name: `${name} more after ${sessions} sessions`,
    value: after[name] - before[name],
    unit,
    bound: TOLERANCE[name],
  });
  return [
    { name: 'sessions opened, streamed, reconnected, closed', value: sessions, unit: '' },
    grown('heapMb', 'MB'),
    { name: 'memory of the process at the end', value: after.rssMb, unit: 'MB' },
    grown('files', ''),
    grown('timers', ''),
    grown('handles', ''),
    grown('listeners', ''),
  ];
}
