import { join } from 'node:path';

/**
 * A path as git prints it: relative, with `/`, each byte one character. Names need not be UTF-8, and a name that was
 * decoded and encoded again may be another file's.
 */
export type RawPath = string;

export function toShown(path: RawPath): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

export function toRaw(path: string): RawPath {
  return Buffer.from(path, 'utf8').toString('latin1');
}

/** For calls of the file system. */
export function toFile(root: string, path: RawPath): Buffer {
  return Buffer.concat([Buffer.from(join(root, '/'), 'utf8'), Buffer.from(path, 'latin1')]);
}

/** The folders above it, nearest first. */
export function toAncestors(path: RawPath): RawPath[] {
  const ancestors: RawPath[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) ancestors.push(path.slice(0, at));
  return ancestors;
}

export function isWithin(path: RawPath, folder: RawPath): boolean {
  return path === folder || folder === '' || path.startsWith(`${folder}/`);
}
