// Says whether what was built is older than its sources. Plain JavaScript: `npm start` asks before Node 24 is running.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const OUTPUT = 'dist/baton';

/** What is built on its own, and the files and folders it is built from. */
const SHARED = ['package-lock.json', 'scripts/build', 'packages/protocol', 'packages/core', 'packages/client'];
const SERVER_SIDE = ['runner', 'backends', 'features', 'store', 'rehearsal', 'server', 'cli'].map(
  (name) => `packages/${name}`,
);
export const PARTS = {
  web: [...SHARED, 'packages/web'],
  command: [...SHARED, ...SERVER_SIDE, 'package.json', 'README.md', 'LICENSE'],
};

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'test', 'bench', '__fixtures__']);
const TEST_FILE = /\.test\.tsx?$/;

/** One line that changes when a source file is added, removed or written. */
export function toSourceStamp(root, part) {
  const hash = createHash('sha256');
  for (const path of PARTS[part]) addToHash(hash, root, path);
  return `${hash.digest('hex')}\n`;
}

function addToHash(hash, root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isDirectory()) {
    hash.update(`${path} ${stats.size} ${stats.mtimeMs}\n`);
    return;
  }
  for (const entry of readdirSync(join(root, path)).sort()) {
    if (!SKIPPED_FOLDERS.has(entry) && !TEST_FILE.test(entry)) addToHash(hash, root, `${path}/${entry}`);
  }
}

function toStampFile(root, part) {
  return join(root, 'dist', `.${part}-stamp`);
}

/** The parts whose sources changed since they were built. */
export function findStaleParts(root) {
  return Object.keys(PARTS).filter((part) => {
    const file = toStampFile(root, part);
    if (!existsSync(join(root, OUTPUT)) || !existsSync(file)) return true;
    return readFileSync(file, 'utf8') !== toSourceStamp(root, part);
  });
}

/** Call with the stamp taken before the build: a file saved meanwhile makes the part stale again. */
export function writeSourceStamp(root, part, stamp) {
  writeFileSync(toStampFile(root, part), stamp);
}
