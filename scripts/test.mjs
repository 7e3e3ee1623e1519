import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, installDependencies, runProgram, setUp } from './setup.mjs';

await setUp();
const agents = join(ROOT, 'test-agents');
if (existsSync(join(agents, 'package-lock.json'))) await installDependencies(agents, 'the agents that tests run');
await runProgram('test/run-tests.ts');
