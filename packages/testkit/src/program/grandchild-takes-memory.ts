// Has a grandchild, in a session of its own, fill argv[2] megabytes of memory (default 200); says when it has, and waits.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const megabytes = Number(process.argv[2] ?? 200);
const fill = `
  const parts = Array.from({ length: ${megabytes} }, () => Buffer.alloc(1024 * 1024, 1));
  process.stdout.write('full');
  setInterval(() => parts.length, 60000);
`;
const parent = `
  const { spawn } = require('node:child_process');
  spawn(process.execPath, ['-e', ${JSON.stringify(fill)}], { detached: true, stdio: ['ignore', 'inherit', 'ignore'] });
  setInterval(() => {}, 60000);
`;

const child = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'ignore'] });
await once(child.stdout, 'data');
console.log(JSON.stringify({ full: megabytes }));
setInterval(() => {}, 60_000);
