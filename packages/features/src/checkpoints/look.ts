import { constants, type Stats } from 'node:fs';
import { access, lstat } from 'node:fs/promises';

/** What is there, links not followed; undefined where nothing is, or nobody may look. */
export async function lstatOrNone(file: Buffer): Promise<Stats | undefined> {
  return lstat(file).catch(() => undefined);
}

export async function isReadable(file: Buffer): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** In the order of `items`, so many at a time. */
export async function mapInBatches<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += BATCH) {
    results.push(...(await Promise.all(items.slice(at, at + BATCH).map(map))));
  }
  return results;
}

const BATCH = 256;
