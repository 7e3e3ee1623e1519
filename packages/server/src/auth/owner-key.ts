import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, toDiskFault } from '@baton/protocol';
import { createSecret } from './secret.ts';

/** Whoever guesses the key runs programs as its owner: with fewer characters it could be guessed. */
export const MIN_KEY_CHARS = 16;
export const SHORT_KEY = `it has fewer than ${MIN_KEY_CHARS} characters and could be guessed. Take a random one ("openssl rand -base64 32"), or none: Baton then makes one`;

/** The key in `<data>/owner.key`; made, with mode 0600, when there is none. */
export function readOwnerKey(dataDir: string): string {
  const path = join(dataDir, 'owner.key');
  const key = createSecret('baton');
  try {
    // Only one of two writers makes the file; nobody else can read it in between.
    writeFileSync(path, `${key}\n`, { mode: 0o600, flag: 'wx' });
    return key;
  } catch (cause) {
    if (!isExisting(cause)) {
      // A part of a key would be taken for one.
      rmSync(path, { force: true });
      throw toDiskFault(`Cannot write the owner key "${path}"`, cause);
    }
  }
  const kept = readFileSync(path, 'utf8').trim();
  if (kept === '') {
    throw new AppError(
      'store-unavailable',
      `Cannot read the owner key: "${path}" is empty. Delete it to get a new key`,
    );
  }
  if (kept.length < MIN_KEY_CHARS) {
    throw new AppError('invalid-input', `Cannot start: the key in "${path}" is not valid: ${SHORT_KEY}`);
  }
  if (process.platform !== 'win32') chmodSync(path, 0o600);
  return kept;
}

function isExisting(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
}
