import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAUDE } from '../harness/agents/claude.ts';
import { CODEX } from '../harness/agents/codex.ts';
import { WORKER } from '../harness/agents/worker.ts';
import type { BatonProcess } from '../harness/baton-process.ts';
import { INTERRUPT_BOUND_MS, measureEnd, startForStops, STOP_BOUND_MS, type StopCase } from './stop.ts';

// The hardest of each kind; `npm run soak stop` runs every agent with every command and ending.
const CASES: readonly StopCase[] = [
  { agent: CLAUDE, command: 'deaf and in a session of its own', ending: 'stop' },
  { agent: CLAUDE, command: 'deaf and in a session of its own', ending: 'stop when hung' },
  { agent: CLAUDE, command: 'a daemon', ending: 'interrupt' },
  { agent: CLAUDE, command: 'deaf to SIGINT and SIGTERM', ending: 'interrupt' },
  { agent: WORKER, command: 'deaf and in a session of its own', ending: 'stop' },
  { agent: WORKER, command: 'deaf and in a session of its own', ending: 'interrupt' },
  { agent: CODEX, command: 'a daemon', ending: 'stop' },
];

let baton: BatonProcess;
beforeAll(async () => {
  baton = await startForStops();
});
afterAll(() => baton?.kill('SIGTERM'));

describe('what is said to have ended has ended, within its bound', () => {
  test.each(CASES)('$agent.name: $command, $ending', async (one) => {
    const peer = await baton.connect();
    const took = await measureEnd({ baton, peer }, one);
    // Twice as long for a busy machine; the figure itself is what the soak prints.
    expect(took).toBeLessThan(2 * (one.ending.startsWith('stop') ? STOP_BOUND_MS : INTERRUPT_BOUND_MS));
    peer.close();
  });
});
