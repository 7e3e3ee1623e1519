import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface ProgramQuery {
  /** File name without an extension, such as `claude`. */
  name: string;
  /** An explicit path wins and is the only place looked at. */
  setting?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** More folders to look in, after PATH. */
  folders?: readonly string[];
}

export type ProgramFound = { found: true; path: string } | { found: false; lookedIn: string };

/**
 * Looks for a program: the setting, PATH, then where npm, nvm, volta, fnm, Homebrew and installers put programs.
 * Never throws and runs nothing.
 */
export async function findProgram(query: ProgramQuery): Promise<ProgramFound> {
  if (query.setting !== undefined && query.setting !== '') {
    const isThere = await isExecutable(query.setting);
    return isThere ? { found: true, path: query.setting } : { found: false, lookedIn: query.setting };
  }
  const onPath = (query.env['PATH'] ?? query.env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const others = [...(query.folders ?? []), ...(await usualFolders(query.env))];
  for (const folder of [...onPath, ...others]) {
    for (const file of fileNames(query.name)) {
      const path = join(folder, file);
      if (await isExecutable(path)) return { found: true, path };
    }
  }
  return { found: false, lookedIn: 'PATH and the usual folders of npm, nvm, volta, fnm, Homebrew and ~/.local/bin' };
}

function fileNames(name: string): string[] {
  return process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`, name] : [name];
}

async function usualFolders(env: ProgramQuery['env']): Promise<string[]> {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const shared = ['/opt/homebrew/bin', '/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin', '/usr/bin'];
  const prefix = env['NPM_CONFIG_PREFIX'] ?? env['npm_config_prefix'];
  const npm = prefix === undefined ? [] : [join(prefix, 'bin'), prefix];
  if (home === undefined || home === '') return [...npm, ...shared];
  const appData = env['APPDATA'];
  return [
    ...npm,
    join(home, '.local', 'bin'),
    join(home, '.npm-global', 'bin'),
    join(home, '.npm-packages', 'bin'),
    join(env['VOLTA_HOME'] ?? join(home, '.volta'), 'bin'),
    join(home, '.bun', 'bin'),
    ...(await versionFolders(env['NVM_DIR'] ?? join(home, '.nvm'), ['versions', 'node'], ['bin'])),
    ...(await versionFolders(
      env['FNM_DIR'] ?? join(home, '.local', 'share', 'fnm'),
      ['node-versions'],
      ['installation', 'bin'],
    )),
    ...(appData === undefined ? [] : [join(appData, 'npm')]),
    ...shared,
  ];
}

// Newest version first, so that a program left behind in an old one does not win.
async function versionFolders(root: string, inner: readonly string[], tail: readonly string[]): Promise<string[]> {
  const names = await readdir(join(root, ...inner)).catch(() => []);
  const newestFirst = names.sort((one, other) => other.localeCompare(one, 'en', { numeric: true }));
  return newestFirst.map((name) => join(root, ...inner, name, ...tail));
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    const real = await realpath(path);
    await access(real, constants.X_OK);
    return (await stat(real)).isFile();
  } catch {
    return false;
  }
}
