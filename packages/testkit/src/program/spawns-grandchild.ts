// Starts four processes that never exit, prints their pids and waits: one plain, one in a session of its own, one in a
// session of its own without our environment, and one whose parent ended at once. With "exit" it then ends by itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const forever = ['-e', 'setInterval(() => {}, 60000)'];
const parentOfOrphan = `
  const child = require('node:child_process').spawn(process.execPath, ${JSON.stringify(forever)}, { detached: true, stdio: 'ignore' });
  console.log(child.pid);
  child.unref();
`;

const plain = spawn(process.execPath, forever, { stdio: 'ignore' });
const ownSession = spawn(process.execPath, forever, { stdio: 'ignore', detached: true });
const bare = spawn(process.execPath, forever, { stdio: 'ignore', detached: true, env: {} });
const parent = spawn(process.execPath, ['-e', parentOfOrphan], { stdio: ['ignore', 'pipe', 'ignore'] });
let printed = '';
parent.stdout.on('data', (chunk: Buffer) => {
  printed += chunk.toString();
});
await once(parent, 'close');
console.log(JSON.stringify({ pids: [plain.pid, ownSession.pid, bare.pid, Number(printed)] }));
if (process.argv[2] === 'exit') process.exit(3);
setInterval(() => {}, 60_000);
