import { constants } from 'node:fs';
import { type FileHandle, lstat, rm } from 'node:fs/promises';
import { toDiskFault } from '@baton/protocol';
import { openRegular } from './open-regular.ts';

/**
 * Replaces the text of a file, or makes the file, and never follows a link at its end. Where there is no room for it the file
 * stays as it was: `disk-full`. In place, so that its owner, its rights and whoever has it open keep it. What is no file of
 * the ordinary kind is left alone: `invalid-input`.
 */
export async function replaceText(path: string, text: string): Promise<void> {
  const isNew = (await lstat(path).catch(() => undefined)) === undefined;
  const flags = constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  try {
    await using handle = await openRegular(path, flags);
    await replaceBytes(handle, Buffer.from(text, 'utf8'));
  } catch (cause) {
    if (isNew) await rm(path, { force: true }).catch(() => undefined);
    throw toDiskFault(`Cannot write ${path}`, cause);
  }
}

// What needs new room comes first: once it is there the rest takes the room that the old text has.
async function replaceBytes(handle: FileHandle, bytes: Buffer): Promise<void> {
  const { size } = await handle.stat();
  try {
    await writeFrom(handle, bytes, size);
  } catch (cause) {
    await handle.truncate(size);
    throw cause;
  }
  await writeFrom(handle, bytes.subarray(0, size), 0);
  await handle.truncate(bytes.length);
}

// The system may take a part at a time.
async function writeFrom(handle: FileHandle, bytes: Buffer, start: number): Promise<void> {
  for (let at = start; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, at);
    at += bytesWritten;
  }
}
