import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '@baton/protocol';

/** Makes the data folder, readable by its owner alone. */
export function openDataDir(path: string): void {
  try {
    makeFolder(resolve(path));
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      'store-unavailable',
      `Cannot use the data folder "${path}": ${reason}. Set BATON_DATA to a folder that you may write`,
      {},
      { cause },
    );
  }
}

// Not `recursive`: Node tries for ever where a folder exists and takes no children, such as /proc.
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}
