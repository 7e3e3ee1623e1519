import { CLAUDE } from '../e2e/harness/agents/claude.ts';
import { CODEX } from '../e2e/harness/agents/codex.ts';
import { measureEnd, startForStops, STOP_BOUND_MS, type StopCase } from '../e2e/soak/stop.ts';
import type { Measure } from './harness/measure.ts';

const CASES: readonly StopCase[] = [CLAUDE, CODEX].flatMap((agent): StopCase[] => [
  { agent, command: 'a daemon', ending: 'stop' },
  { agent, command: 'deaf and in a session of its own', ending: 'stop' },
  { agent, command: 'deaf to SIGINT and SIGTERM', ending: 'stop when hung' },
]);

/** From `stop` until nothing is alive of a real agent and of a command of it that does not want to end. */
export async function benchStop(): Promise<Measure[]> {
  const baton = await startForStops();
  const measures: Measure[] = [];
  try {
    for (const stopCase of CASES) {
      const peer = await baton.connect();
      const value = await measureEnd({ baton, peer }, stopCase);
      peer.close();
      const { agent, command, ending } = stopCase;
      measures.push({
        name: `${ending}, ${agent.name}, ${command}`,
        value,
        unit: 'ms',
        target: { atMost: STOP_BOUND_MS },
      });
    }
  } finally {
    await baton.kill('SIGTERM');
  }
  return measures;
}
