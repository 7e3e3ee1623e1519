import { realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '@baton/protocol';
import { findProgram } from '@baton/runner';
import { type Located, LOOK_MS, readVersion } from '../agent/read-version.ts';

/** The Codex CLI, by setting or by search. Rejects with `backend-not-installed`. */
export async function findCodex(
  setting: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const found = await findProgram({ name: 'codex', setting, env });
  if (!found.found) {
    const how = 'Install it with "npm install -g @openai/codex", or set the path of the program';
    throw new AppError('backend-not-installed', `Codex is not installed (looked in ${found.lookedIn}). ${how}`);
  }
  return toNative(found.path);
}

/** The CLI and its version, which one that runs tells by itself. */
export async function locateCodex(
  setting: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Located> {
  const path = await findCodex(setting, env);
  const own = { PATH: process.env['PATH'] ?? '' };
  return { path, version: await readVersion({ path, title: 'Codex', env: own, timeoutMs: LOOK_MS }) };
}

const TARGETS: Readonly<Record<string, readonly [string, string]>> = {
  'linux-x64': ['codex-linux-x64', 'x86_64-unknown-linux-musl'],
  'linux-arm64': ['codex-linux-arm64', 'aarch64-unknown-linux-musl'],
  'darwin-x64': ['codex-darwin-x64', 'x86_64-apple-darwin'],
  'darwin-arm64': ['codex-darwin-arm64', 'aarch64-apple-darwin'],
  'win32-x64': ['codex-win32-x64', 'x86_64-pc-windows-msvc'],
  'win32-arm64': ['codex-win32-arm64', 'aarch64-pc-windows-msvc'],
};

// npm installs a launcher in front of the program, which would stay as a Node process of 40 MB and need Node to be found.
async function toNative(path: string): Promise<string> {
  const [name, triple] = TARGETS[`${process.platform}-${process.arch}`] ?? [];
  const real = await realpath(path);
  if (name === undefined || triple === undefined || !real.endsWith('.js')) return path;
  try {
    const manifest = createRequire(real).resolve(`@openai/${name}/package.json`);
    const program = join(
      dirname(manifest),
      'vendor',
      triple,
      'bin',
      process.platform === 'win32' ? 'codex.exe' : 'codex',
    );
    return (await stat(program)).isFile() ? program : path;
  } catch {
    return path;
  }
}
