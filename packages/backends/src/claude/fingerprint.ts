import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseJson } from '@baton/protocol';
import { describeFile, toAncestors } from '../agent/describe-file.ts';
import { type StartPlace, toStartFiles } from './start-files.ts';
import { claudeStateSchema } from './state-file.ts';

const GIT_MS = 2000;
const FOLDERS = ['commands', 'agents', 'skills', 'rules', 'output-styles'];
/** How many files deep instructions name others. */
const MAX_IMPORTS = 5;
const MAX_MEMORY_BYTES = 1024 * 1024;

/**
 * Changes when anything changes that Claude Code reads once, when it starts: memory, commands, settings, servers, who is
 * signed in, the state of the repository, the date. A process that started before such a change would not know of it.
 */
export async function readFingerprint(place: StartPlace & { now: number }): Promise<string> {
  const { cwd, env, now } = place;
  const files = toStartFiles(place);
  const folders = [...files.settingsFolders, ...files.roots.flatMap((root) => FOLDERS.map((name) => join(root, name)))];
  const parts = await Promise.all([
    ...[...files.settings, ...files.servers, files.credentials, files.plugins].map(describeFile),
    ...folders.map(describeFolder),
    ...files.state.map((path) => describeState(path, cwd)),
    describeMemory(files.memory, env['HOME'] ?? env['USERPROFILE'] ?? ''),
    describeRepository(cwd, env),
  ]);
  const date = new Date(now).toDateString();
  return createHash('sha256')
    .update(JSON.stringify([date, ...parts]))
    .digest('hex');
}

async function describeFolder(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = await Promise.all(names.map((name) => describeFile(join(folder, name))));
  return files.toSorted((left, right) => (left < right ? -1 : 1)).join('\n');
}

// The files, and those that they name, which are read with them.
async function describeMemory(paths: readonly string[], home: string): Promise<string> {
  const seen = new Set<string>();
  const found: string[] = [];
  let next = paths;
  for (let depth = 0; depth <= MAX_IMPORTS && next.length > 0; depth += 1) {
    const fresh = [...new Set(next)].filter((path) => !seen.has(path));
    for (const path of fresh) seen.add(path);
    found.push(...(await Promise.all(fresh.map(describeFile))));
    next = (await Promise.all(fresh.map((path) => readImports(path, home)))).flat();
  }
  return found.join('\n');
}

const IMPORT = /(?:^|\s)@((?:[^\s\\]|\\ )+)/g;

async function readImports(path: string, home: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size > MAX_MEMORY_BYTES) return [];
  const text = await readFile(path, 'utf8').catch(() => '');
  return [...text.matchAll(IMPORT)].map(([, name = '']) => {
    const plain = name.replaceAll('\\ ', ' ');
    return plain.startsWith('~/') ? join(home, plain.slice(2)) : resolve(dirname(path), plain);
  });
}

// The CLI notes all sorts of things in this file all the time; only what a session begins with counts.
async function describeState(path: string, cwd: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const json = parseJson(text);
  const state = claudeStateSchema.safeParse(json.ok ? json.value : undefined);
  if (!state.success) return '';
  const { projects = {}, ...own } = state.data;
  return JSON.stringify([own, toAncestors(cwd).map((folder) => projects[folder])]);
}

async function describeRepository(cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['--no-optional-locks', 'status', '--porcelain=v2', '--branch'];
  const options = { cwd, env: { ...env }, timeout: GIT_MS, maxBuffer: 16 * 1024 * 1024 };
  return promisify(execFile)('git', args, options).then(
    ({ stdout }) => stdout,
    // No repository or no git is a state too; a repository too large to be asked is never the same again.
    (error: unknown) => (isExit(error) ? 'none' : randomUUID()),
  );
}

function isExit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 128);
}
