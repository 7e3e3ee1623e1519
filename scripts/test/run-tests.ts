// Every test of the repository, from one command. Its last line is `N passed, N failed`, with the totals of all runners.
import { runVitest } from './run-vitest.ts';
import { buildIfStale } from '../build/build-if-stale.ts';
import type { Tally } from './tally.ts';

const filters = process.argv.slice(2);
// Several suites run the built command; a filter usually means one of the others, but a stale bundle would lie either way.
await buildIfStale();
const tallies: Tally[] = [await runVitest(filters)];

const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
for (const reason of tallies.flatMap((tally) => tally.reasons)) console.log(`failed: ${reason}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
