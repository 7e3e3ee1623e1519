// The server from source, restarted when a file changes, and the web app with hot reload in front of it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, runInstead, setUp, withoutNpmPath } from './setup.mjs';

const WEB_PORT = 22867;

const runtime = await setUp();
const web = spawn(runtime, [join(ROOT, 'node_modules/vite/bin/vite.js'), join(ROOT, 'packages/web')], {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
});
console.log(`Open the link that the server prints with port ${WEB_PORT} in place of its own.\n`);
const server = ['--watch', '--watch-preserve-output', join(ROOT, 'packages/cli/src/main.ts'), 'serve'];
process.exitCode = await runInstead(runtime, [...server, ...process.argv.slice(2)], {
  env: withoutNpmPath(process.env),
});
web.kill();
