// Writes numbered lines as fast as they are taken: argv[2] of them (default 100000), then a last one.
import { once } from 'node:events';

const count = Number(process.argv[2] ?? 100_000);
const filler = 'x'.repeat(200);
for (let index = 0; index < count; index += 1) {
  if (!process.stdout.write(`${JSON.stringify({ index, filler })}\n`)) await once(process.stdout, 'drain');
}
process.stdout.write('{"done":true}\n');
