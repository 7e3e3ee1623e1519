import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Changes when the file changes; empty when it is not there. */
export async function describeFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? '' : `${path} ${found.mtimeMs} ${found.size}`;
}

/** The folder and those above it, nearest first. */
export function toAncestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...toAncestors(parent)];
}
