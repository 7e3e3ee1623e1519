// All benchmarks, or those named on the command line, one after the other; then one table.
import { benchFirstDelta } from './first-delta.ts';
import { FIRST_SESSIONS } from './first-session.ts';
import type { Measure } from './harness/measure.ts';
import { toReport } from './harness/report.ts';
import { benchIdleCodex } from './idle-codex.ts';
import { benchIndexing } from './indexing.ts';
import { benchRelay } from './relay.ts';
import { benchReplay } from './replay.ts';
import { benchRestart } from './restart.ts';
import { benchSearch } from './search.ts';
import { benchStartUp } from './start-up.ts';
import { benchStop } from './stop.ts';
import { benchStore } from './store.ts';
import { benchViewers } from './viewers.ts';
import { benchWake } from './wake.ts';
import { benchWebSize } from './web-size.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<Measure[]>>> = {
  'start-up': benchStartUp,
  relay: benchRelay,
  viewers: benchViewers,
  store: benchStore,
  replay: benchReplay,
  restart: benchRestart,
  stop: benchStop,
  'first-delta': benchFirstDelta,
  ...FIRST_SESSIONS,
  'idle-codex': benchIdleCodex,
  wake: benchWake,
  search: benchSearch,
  indexing: benchIndexing,
  'web-size': benchWebSize,
};

const named = process.argv.slice(2);
/** `first-session` names all that are called `first-session:…`. */
const fits = (name: string, wanted: string): boolean => name === wanted || name.startsWith(`${wanted}:`);
const unknown = named.filter((wanted) => !Object.keys(BENCHMARKS).some((name) => fits(name, wanted)));
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown.join('", "')}"; there are: ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(1);
}

const measures: Measure[] = [];
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (named.length > 0 && !named.some((wanted) => fits(name, wanted))) continue;
  console.log(`Running ${name} …`);
  measures.push(...(await run()));
}
console.log(`\n${toReport(measures)}`);
process.exit(0);
