// Everything that can be said about the source without running it. Prints what is wrong, check by check.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../build/root.ts';

interface Check {
  title: string;
  /** A program of node_modules and its arguments. */
  program: string;
  args: readonly string[];
}

const CHECKS: readonly Check[] = [
  { title: 'format', program: '@biomejs/biome/bin/biome', args: ['format', '.'] },
  { title: 'lint', program: 'oxlint/bin/oxlint', args: ['--max-warnings', '0'] },
  { title: 'types', program: 'typescript/bin/tsc', args: ['--noEmit', '--pretty'] },
  { title: 'unused', program: 'knip/bin/knip.js', args: ['--no-progress', '--no-config-hints'] },
  { title: 'lock file', program: '../scripts/complete-lock.mjs', args: ['--check'] },
];

interface Outcome {
  passed: boolean;
  seconds: number;
  output: string;
}

function run(check: Check): Promise<Outcome> {
  const started = performance.now();
  const args = [join(ROOT, 'node_modules', check.program), ...check.args];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ passed: error === null, seconds, output: `${stdout}${stderr}`.trim() });
    });
  });
}

const outcomes = await Promise.all(CHECKS.map(run));
for (const [index, { title }] of CHECKS.entries()) {
  const outcome = outcomes[index];
  if (outcome === undefined) continue;
  if (!outcome.passed) console.log(`\n${outcome.output}\n`);
  console.log(`${outcome.passed ? 'ok    ' : 'FAILED'} ${title.padEnd(10)} ${outcome.seconds.toFixed(1)} s`);
}
process.exitCode = outcomes.every((outcome) => outcome.passed) ? 0 : 1;
