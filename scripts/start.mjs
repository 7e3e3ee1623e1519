// Sets up, builds what changed, and becomes `baton serve` with the arguments given after `npm start --`.
import { join } from 'node:path';
import { OUTPUT, findStaleParts } from './build/source-stamp.mjs';
import { ROOT, runInstead, setUp, withoutNpmPath } from './setup.mjs';

const runtime = await setUp();
if (findStaleParts(ROOT).length > 0) {
  const code = await runInstead(runtime, [join(ROOT, 'scripts/build/build-if-stale.ts')]);
  if (code !== 0) process.exit(code);
}
process.exitCode = await runInstead(runtime, [join(ROOT, OUTPUT, 'baton.js'), 'serve', ...process.argv.slice(2)], {
  env: withoutNpmPath(process.env),
});
