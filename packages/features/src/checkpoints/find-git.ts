import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { AppError } from '@baton/protocol';

/** The git program by its absolute path, so that no folder that is worked in can bring its own; throws `capability-missing`. */
export async function findGit(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  for (const folder of folders) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new AppError(
    'capability-missing',
    'Checkpoints need git, which is not installed (looked in PATH). Install it (https://git-scm.com/downloads) and try again',
  );
}
