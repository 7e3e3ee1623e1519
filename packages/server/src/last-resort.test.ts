import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const PROGRAM = `
const { catchFaults } = await import(process.argv[1]);
const say = (level) => (fields, message) => console.log(level, message, fields.err?.message ?? '');
const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error'), close() {} };
catchFaults({ log, async stop() { console.log('stopped in order'); } });
setInterval(() => {}, 1e6);
if (process.argv[2] === 'throw') setTimeout(() => { throw new Error('nobody caught me'); });
else Promise.reject(new Error('nobody caught me'));
`;

it.each(['throw', 'reject'])(
  'what nobody caught (%s) is logged, ends everything in order, and then the process',
  async (how) => {
    const module = join(import.meta.dirname, 'last-resort.ts');
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, module, how]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(output).toBe('error Baton met a fault that nobody caught; it stops nobody caught me\nstopped in order\n');
  },
);
