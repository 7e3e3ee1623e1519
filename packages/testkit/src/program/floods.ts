// Writes argv[3] megabytes (default 1024) as fast as they are taken: argv[2] "line" as one line of stdout, "errors" as short
// lines of stderr; then a last line on stdout.
import { once } from 'node:events';

const [kind = 'line', megabytes = '1024'] = process.argv.slice(2);
const stream = kind === 'line' ? process.stdout : process.stderr;
const block = Buffer.from(kind === 'line' ? 'x'.repeat(1024 * 1024) : `${'x'.repeat(127)}\n`.repeat(8192));
for (let written = 0; written < Number(megabytes); written += 1) {
  if (!stream.write(block)) await once(stream, 'drain');
}
process.stdout.write('\n{"after":true}\n');
