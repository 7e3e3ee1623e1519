import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '@baton/protocol';

/**
 * Opens a regular file and nothing else, however it is changed meanwhile. Opening a pipe that nobody else has open would
 * wait for ever, and a few of those stop all work on files of this process. Rejects with `invalid-input`, or as `open` does.
 */
export async function openRegular(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, flags | (constants.O_NONBLOCK ?? 0)).catch((cause: unknown) => {
    throw isPipeOrDevice(cause) ? toNotRegular(path) : cause;
  });
  const isRegular = await handle.stat().then((found) => found.isFile());
  if (isRegular) return handle;
  await handle.close();
  throw toNotRegular(path);
}

const toNotRegular = (path: string) => new AppError('invalid-input', `${path} is not a regular file`);

const isPipeOrDevice = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'ENXIO';
