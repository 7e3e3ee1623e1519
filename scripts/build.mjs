import { runProgram } from './setup.mjs';

await runProgram('build/build.ts');
