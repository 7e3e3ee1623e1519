import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives a run of the tests a temporary folder of its own, and removes it with all that they left there. */
export default async function setup(): Promise<() => Promise<void>> {
  const outer = process.env['TMPDIR'];
  // A short name: sockets live in it, and their paths are limited.
  const folder = await mkdtemp(join(tmpdir(), 'bt-'));
  process.env['TMPDIR'] = folder;
  return async () => {
    if (outer === undefined) Reflect.deleteProperty(process.env, 'TMPDIR');
    else process.env['TMPDIR'] = outer;
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
}
