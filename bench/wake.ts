import { setTimeout as delay } from 'node:timers/promises';
import { parseJson } from '@baton/protocol';
import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { PROMPT } from './harness/bare-agent.ts';
import { CLAUDE, toModelEnv } from './harness/bare-claude.ts';
import { toMedian, type Measure } from './harness/measure.ts';
import { createSession, startServer, type BenchServer } from './harness/server.ts';
import { connectViewer } from './harness/viewer.ts';

const SESSIONS = 3;
/** Seconds; the server looks every ten. */
const SLEEP_AFTER_MINUTES = '0.01';
const POLL_MS = 200;
const GIVE_UP_MS = 60_000;

/** From the prompt that wakes a sleeping Claude Code to its first text: with a process that waits, and without, turn about. */
export async function benchWake(): Promise<Measure[]> {
  const rehearsal = await startRehearsal({ scenario: 'echo' });
  const cold = await startWith('0');
  const warm = await startWith(String(2 * SESSIONS));
  try {
    const sleeping = { cold: await layToSleep(cold, rehearsal), warm: await layToSleep(warm, rehearsal) };
    const times = { cold: [] as number[], warm: [] as number[] };
    for (let index = 0; index < SESSIONS; index += 1) {
      times.cold.push(await wake(cold, sleeping.cold[index] ?? ''));
      times.warm.push(await wake(warm, sleeping.warm[index] ?? ''));
    }
    const [coldMs, warmMs] = [toMedian(times.cold), toMedian(times.warm)];
    return [
      { name: 'waking a session to first text, cold', value: coldMs, unit: 'ms' },
      { name: 'waking a session to first text, from the warm pool', value: warmMs, unit: 'ms' },
      { name: 'waking a session, warm / cold', value: warmMs / coldMs, unit: 'x', target: { atMost: 0.5 } },
    ];
  } finally {
    await Promise.all([cold.stop(), warm.stop()]);
    await rehearsal.close();
  }
}

function startWith(warmAgents: string): Promise<BenchServer> {
  return startServer({
    env: {
      BATON_CLAUDE: CLAUDE,
      BATON_WARM_AGENTS: warmAgents,
      BATON_SLEEP_AFTER_MINUTES: SLEEP_AFTER_MINUTES,
      BATON_CHECKPOINTS: 'manual',
    },
  });
}

/** Sessions that have had a turn and sleep. */
async function layToSleep(server: BenchServer, rehearsal: Rehearsal): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < SESSIONS; index += 1) {
    ids.push(await createSession(server, { backend: 'claude', prompt: PROMPT, env: toModelEnv(rehearsal) }));
  }
  for (const id of ids) await untilSleeping(server, id);
  // What keeps a process ready for them has begun when they sleep.
  await delay(POLL_MS * 20);
  return ids;
}

async function untilSleeping(server: BenchServer, id: string): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  for (;;) {
    const text = await server.request('GET', `/sessions/${id}`).then((answer) => answer.text());
    const view = parseJson(text);
    const { state, seq } = (view.ok ? view.value : {}) as { state?: string; seq?: number };
    if (state === 'stopped' && (seq ?? 0) > 1) return;
    if (performance.now() > deadline) throw new Error(`Session ${id} does not sleep: ${text}`);
    await delay(POLL_MS);
  }
}

async function wake(server: BenchServer, id: string): Promise<number> {
  const viewer = await connectViewer(server);
  const caughtUp = viewer.until((frame) => frame.type === 'caught-up');
  viewer.send({ type: 'subscribe', sessionId: id, after: 0 });
  await caughtUp;
  const ended = viewer.until((frame) => frame.event?.type === 'turn.ended');
  const firstText = viewer.until((frame) => frame.type === 'delta');
  const startedAt = performance.now();
  viewer.prompt(id, PROMPT);
  await Promise.race([firstText, ended.then(() => Promise.reject(new Error('A turn ended without text')))]);
  const milliseconds = performance.now() - startedAt;
  await ended;
  viewer.close();
  return milliseconds;
}
