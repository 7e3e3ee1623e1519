import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseJson } from '@baton/protocol';
import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { PROMPT } from './harness/bare-agent.ts';
import { CLAUDE, CLAUDE_ARGUMENTS, toClaudePrompt, toModelEnv } from './harness/bare-claude.ts';
import { toMedian, type Measure } from './harness/measure.ts';
import { createSession, startServer, type BenchServer } from './harness/server.ts';
import { connectViewer, type Viewer } from './harness/viewer.ts';

const TURNS = 9;

/** From a prompt to the first streamed text: the real CLI alone, and the same CLI through Baton, turn about. */
export async function benchFirstDelta(): Promise<Measure[]> {
  const rehearsal = await startRehearsal({ scenario: 'echo' });
  const server = await startServer({ env: { BATON_CLAUDE: CLAUDE, BATON_WARM_AGENTS: '0' } });
  const bare = startBareAgent(rehearsal);
  try {
    const session = await openSession(server, rehearsal);
    const times = { bare: [] as number[], baton: [] as number[] };
    // The first turn of each loads what the later ones have.
    for (let turn = 0; turn <= TURNS; turn += 1) {
      const alone = await bare.measureTurn();
      const through = await measureTurn(session);
      if (turn > 0) times.bare.push(alone);
      if (turn > 0) times.baton.push(through);
    }
    session.viewer.close();
    return toMeasures(toMedian(times.bare), toMedian(times.baton));
  } finally {
    bare.stop();
    await server.stop();
    await rehearsal.close();
  }
}

function toMeasures(bare: number, baton: number): Measure[] {
  return [
    { name: 'prompt to first text, bare CLI', value: bare, unit: 'ms' },
    { name: 'prompt to first text, through Baton', value: baton, unit: 'ms' },
    { name: 'prompt to first text, what Baton adds', value: baton - bare, unit: 'ms' },
    { name: 'prompt to first text, Baton / bare', value: baton / bare, unit: 'x' },
  ];
}

interface OpenedSession {
  id: string;
  viewer: Viewer;
}

async function openSession(server: BenchServer, rehearsal: Rehearsal): Promise<OpenedSession> {
  const id = await createSession(server, { backend: 'claude', env: toModelEnv(rehearsal) });
  const viewer = await connectViewer(server);
  const caughtUp = viewer.until((frame) => frame.type === 'caught-up');
  viewer.send({ type: 'subscribe', sessionId: id, after: 0 });
  await caughtUp;
  return { id, viewer };
}

async function measureTurn({ id, viewer }: OpenedSession): Promise<number> {
  const ended = viewer.until((frame) => frame.event?.type === 'turn.ended');
  const firstText = viewer.until((frame) => frame.type === 'delta');
  const startedAt = performance.now();
  viewer.prompt(id, PROMPT);
  await Promise.race([firstText, ended.then(() => Promise.reject(new Error('A turn ended without text')))]);
  const milliseconds = performance.now() - startedAt;
  await ended;
  return milliseconds;
}

interface BareAgent {
  measureTurn(): Promise<number>;
  stop(): void;
}

function startBareAgent(rehearsal: Rehearsal): BareAgent {
  const home = mkdtempSync(join(tmpdir(), 'baton-bench-bare-'));
  const env = { PATH: process.env['PATH'], HOME: home, IS_SANDBOX: '1', ...toModelEnv(rehearsal) };
  const child = spawn(CLAUDE, CLAUDE_ARGUMENTS, { cwd: home, env });
  child.stderr.resume();
  const lines = createInterface({ input: child.stdout });
  const untilLine = (part: string) => {
    return new Promise<void>((resolve) => {
      const take = (line: string): void => {
        if (!line.includes(part) || !parseJson(line).ok) return;
        lines.off('line', take);
        resolve();
      };
      lines.on('line', take);
    });
  };
  return {
    async measureTurn() {
      const ended = untilLine('"type":"result"');
      const firstText = untilLine('"text_delta"');
      const startedAt = performance.now();
      child.stdin.write(`${JSON.stringify(toClaudePrompt())}\n`);
      await firstText;
      const milliseconds = performance.now() - startedAt;
      await ended;
      return milliseconds;
    },
    stop() {
      child.kill('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
