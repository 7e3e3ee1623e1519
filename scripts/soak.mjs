import { join } from 'node:path';
import { ROOT, installDependencies, runInstead, setUp } from './setup.mjs';

const runtime = await setUp();
await installDependencies(join(ROOT, 'test-agents'), 'the agents that soaks run');
const built = await runInstead(runtime, [join(ROOT, 'scripts/build/build-if-stale.ts')]);
if (built !== 0) process.exit(built);
process.exitCode = await runInstead(runtime, [join(ROOT, 'e2e/soak/run.ts'), ...process.argv.slice(2)]);
