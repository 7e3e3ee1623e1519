import { runProgram } from './setup.mjs';

await runProgram('check/run-checks.ts');
