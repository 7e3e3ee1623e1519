import { startVitest } from 'vitest/node';
import { toCounted, toTally, type Tally } from './tally.ts';

/** Runs the suites whose path contains one of the filters (all of them when there is none). */
export async function runVitest(filters: string[]): Promise<Tally> {
  const vitest = await startVitest('test', filters, { watch: false, run: true, passWithNoTests: true });
  const modules = vitest.state.getTestModules().map(toCounted);
  const tally = toTally(modules, vitest.state.getUnhandledErrors());
  await vitest.close();
  return tally;
}
