import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

/** Gives a run of the tests a temporary folder of its own. Called by Vitest before the first file. */
export async function setup(): Promise<void> {
  // A short name: sockets live in it, and their paths are limited.
  folder = await mkdtemp(join(tmpdir(), 'bt-'));
  process.env['TMPDIR'] = folder;
}

/** Removes it with all that the tests left there. Called by Vitest after the last file. */
export async function teardown(): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
