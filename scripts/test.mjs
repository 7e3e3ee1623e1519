import { runProgram, setUp } from './setup.mjs';
import { setUpAgents } from './setup-agents.mjs';

await setUp();
await setUpAgents();
await runProgram('test/run-tests.ts');
