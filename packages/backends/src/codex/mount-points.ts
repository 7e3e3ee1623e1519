import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** What Codex's sandbox protects in a folder by mounting over it, and makes where it is not there. */
const NAMES = ['.git', '.codex', '.agents', '.aws'];

/** The folders that a sandbox left behind: Codex removes them itself, but not when a command is cut off. */
export interface MountPoints {
  /** Removes those that were not there before and are empty. To be called when no command runs. */
  clean(): void;
}

/**
 * Looks at the folders that a sandbox can write in as they are now, before any command. An empty `.git` is nobody's: an
 * earlier end left it, and other programs would take the folder for a repository.
 */
export function watchMountPoints(folders: readonly string[]): MountPoints {
  const places = [...new Set(folders)].flatMap((folder) => NAMES.map((name) => ({ name, path: join(folder, name) })));
  const made = places.filter(({ name, path }) => !existsSync(path) || (name === '.git' && isEmpty(path)));
  return {
    clean() {
      for (const { path } of made) removeEmpty(path);
    },
  };
}

function isEmpty(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It is not there, or somebody has put something into it: then it is theirs.
  }
}
