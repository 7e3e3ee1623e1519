import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** What Codex's sandbox protects in a folder by mounting over it, and makes where it is not there. */
const NAMES = ['.git', '.codex', '.agents', '.aws'];

/** The folders that a sandbox left behind: Codex removes them itself, but not when a command is cut off. */
export interface MountPoints {
  /** Removes those that were not there before and are empty. To be called when no command runs. */
  clean(): void;
}

/** Looks at the folder as it is now, before any command. An empty `.git` is nobody's: an earlier end left it. */
export function watchMountPoints(cwd: string): MountPoints {
  const made = NAMES.filter((name) => !existsSync(join(cwd, name)) || (name === '.git' && isEmpty(join(cwd, name))));
  return {
    clean() {
      for (const name of made) removeEmpty(join(cwd, name));
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
