import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { CLAUDE, CLAUDE_ARGUMENTS, PROMPT, toModelEnv, writePrompt } from './harness/bare-claude.ts';
import { type Measure, toMedian } from './harness/measure.ts';
import { type BenchServer, createSession, startServer } from './harness/server.ts';
import { type Viewer, connectViewer } from './harness/viewer.ts';

const ROUNDS = 5;
/** Nothing tells from outside that a process waits; this is several times what one needs on two cores. */
const WARM_UP_MS = 4000;

/** From the wish for a new session with a prompt to its first streamed text: the CLI alone, started by Baton, and kept warm. */
export async function benchFirstSession(): Promise<Measure[]> {
  const rehearsal = await startRehearsal({ scenario: 'echo' });
  const cold = await startServer({ env: { BATON_CLAUDE: CLAUDE, BATON_WARM_AGENTS: '0' } });
  const warm = await startServer({ env: { BATON_CLAUDE: CLAUDE, BATON_WARM_AGENTS: '1' } });
  const home = mkdtempSync(join(tmpdir(), 'baton-bench-first-'));
  const times = { bare: [] as number[], cold: [] as number[], warm: [] as number[] };
  try {
    // The first of each finds an empty home and cold files.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const bare = await measureBare(home, rehearsal);
      const started = await measureSession(cold, rehearsal);
      const waited = await measureSession(warm, rehearsal);
      await delay(WARM_UP_MS);
      if (round === 0) continue;
      times.bare.push(bare);
      times.cold.push(started);
      times.warm.push(waited);
    }
    return toMeasures(toMedian(times.bare), toMedian(times.cold), toMedian(times.warm));
  } finally {
    await Promise.all([cold.stop(), warm.stop(), rehearsal.close()]);
    rmSync(home, { recursive: true, force: true });
  }
}

function toMeasures(bare: number, cold: number, warm: number): Measure[] {
  return [
    { name: 'new session to first text, bare CLI', value: bare, unit: 'ms' },
    { name: 'new session to first text, started by Baton', value: cold, unit: 'ms' },
    { name: 'new session to first text, kept warm by Baton', value: warm, unit: 'ms' },
    { name: 'new session to first text, started / bare', value: cold / bare, unit: 'x', target: { atMost: 1.05 } },
    { name: 'new session to first text, warm / started', value: warm / cold, unit: 'x', target: { atMost: 0.5 } },
  ];
}

async function measureBare(home: string, rehearsal: Rehearsal): Promise<number> {
  const env = { PATH: process.env['PATH'], HOME: home, IS_SANDBOX: '1', ...toModelEnv(rehearsal) };
  const startedAt = performance.now();
  const child = spawn(CLAUDE, CLAUDE_ARGUMENTS, { cwd: home, env });
  child.stderr.resume();
  writePrompt(child);
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('"text_delta"')) continue;
    const milliseconds = performance.now() - startedAt;
    child.kill('SIGKILL');
    return milliseconds;
  }
  throw new Error('The CLI ended without text');
}

async function measureSession(server: BenchServer, rehearsal: Rehearsal): Promise<number> {
  const viewer = await connectViewer(server);
  const startedAt = performance.now();
  const firstText = untilText(viewer, startedAt);
  const ended = viewer.until((frame) => frame.event?.type === 'turn.ended');
  const id = await createSession(server, { backend: 'claude', env: toModelEnv(rehearsal), prompt: PROMPT });
  viewer.send({ type: 'subscribe', sessionId: id, after: 0 });
  const milliseconds = await firstText;
  await ended;
  viewer.close();
  return milliseconds;
}

async function untilText(viewer: Viewer, startedAt: number): Promise<number> {
  await viewer.until((frame) => frame.type === 'delta');
  return performance.now() - startedAt;
}
