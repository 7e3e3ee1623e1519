import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError, isAppError, toDiskFault } from '@baton/protocol';
import { openRegular } from '../agent/open-regular.ts';
import type { UserSetup } from './launch.ts';

/** What Codex and its user have in common with Baton's sessions; the rest of a home is Baton's own. */
const SHARED_FOLDERS = [
  'sessions',
  'archived_sessions',
  'thread-writer-locks',
  'skills',
  'prompts',
  'rules',
  'memories',
];
const SHARED_FILES = [
  'auth.json',
  'AGENTS.md',
  'AGENTS.override.md',
  'hooks.json',
  '.credentials.json',
  'session_index.jsonl',
];
/** Made when they are not there yet, so that what Codex writes is found by the user's own Codex. */
const ALWAYS = new Set(['sessions', 'archived_sessions', 'thread-writer-locks', 'skills']);

export function toUserHome(env: Readonly<Record<string, string>>): string {
  const own = env['CODEX_HOME'] ?? '';
  return resolve(own === '' ? join(env['HOME'] ?? env['USERPROFILE'] ?? homedir(), '.codex') : own);
}

/** What the user set up. A missing home is an empty one. Rejects with `invalid-input` for what cannot be settings. */
export async function readSetup(userHome: string): Promise<UserSetup> {
  const [config, login] = await Promise.all(['config.toml', 'auth.json'].map((name) => readOwn(join(userHome, name))));
  return { config: config ?? '', hasLogin: login !== undefined && login.trim() !== '' };
}

const MAX_BYTES = 4 * 1024 * 1024;

async function readOwn(path: string): Promise<string | undefined> {
  try {
    await using handle = await openRegular(path, constants.O_RDONLY);
    const { size } = await handle.stat();
    if (size <= MAX_BYTES) return await handle.readFile('utf8');
  } catch (cause) {
    if (!isAppError(cause)) return undefined;
    throw cause;
  }
  throw new AppError('invalid-input', `${path} has more than ${MAX_BYTES / 1024 ** 2} MB, which no settings have`);
}

/**
 * A home of Baton's own for each of the user's: it has the user's login, conversations and skills by links, and a copy of
 * the settings. Codex notes in its settings which folders it trusts, and reads a repository's own settings from then on;
 * here it notes that where it does not change what the user's own Codex does.
 */
export async function prepareHome(dataDir: string, userHome: string, setup: UserSetup): Promise<string> {
  const name = createHash('sha256').update(userHome).digest('hex').slice(0, 16);
  const home = join(dataDir, 'codex', name);
  try {
    await Promise.all([home, userHome].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
    const [ours, theirs] = await Promise.all([readdir(home, { withFileTypes: true }), readdir(userHome)]);
    // For each session: what there is already is not looked at one by one. A link here leads to the home that this one is for.
    const linked = new Set(ours.filter((entry) => entry.isSymbolicLink()).map(({ name: link }) => link));
    const lacks = (folder: string) => (theirs.includes(folder) ? !linked.has(folder) : ALWAYS.has(folder));
    await Promise.all([
      ...SHARED_FOLDERS.filter(lacks).map((folder) => linkFolder({ home, userHome, name: folder })),
      ...SHARED_FILES.filter((file) => !linked.has(file)).map((file) => link({ home, userHome, name: file })),
      copySettings(join(home, 'config.toml'), setup.config),
    ]);
    return home;
  } catch (cause) {
    throw toDiskFault(`Cannot make a home for Codex in "${home}"`, cause);
  }
}

// In one step: a Codex that runs in this home may read it at any time.
async function copySettings(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  const fresh = `${path}.${randomUUID()}`;
  try {
    await writeFile(fresh, text, { mode: 0o600 });
    await rename(fresh, path);
  } catch (cause) {
    await rm(fresh, { force: true });
    throw cause;
  }
}

interface Link {
  home: string;
  userHome: string;
  name: string;
}

async function linkFolder(place: Link): Promise<void> {
  const target = join(place.userHome, place.name);
  if (ALWAYS.has(place.name)) await mkdir(target, { recursive: true, mode: 0o700 });
  if (await isThere(target)) await link(place, 'junction');
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function link({ home, userHome, name }: Link, type: 'file' | 'junction' = 'file'): Promise<void> {
  const path = join(home, name);
  const target = join(userHome, name);
  if ((await readlink(path).catch(() => undefined)) === target) return;
  await rm(path, { recursive: true, force: true });
  // Another process may make the same link at the same time.
  await symlink(target, path, type).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
}
