import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, open, readFile, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseJson } from '@baton/protocol';
import { findMissingInterpreter, findProgram } from '@baton/runner';
import { z } from 'zod';
import { toOldest } from './compare-versions.ts';
import type { Inspection } from './find-faults.ts';

type Env = Readonly<Record<string, string | undefined>>;

const run = promisify(execFile);
const VERSION_MS = 5000;

/** Looks at a program's file: whether what runs it is there, and if that is Node, which it wants and would get. */
export async function inspectProgram(
  path: string | undefined,
  env: Env,
): Promise<Pick<Inspection, 'script' | 'node' | 'interpreter'>> {
  if (path === undefined) return {};
  const real = await realpath(path).catch(() => path);
  const interpreter = await findMissingInterpreter(real, env);
  // Which Node it would get is told with its version.
  if (interpreter !== undefined && interpreter !== 'node') return { interpreter };
  if (!(await isNodeScript(real))) return {};
  const [needs, node] = await Promise.all([readNeededNode(real), findNode(env)]);
  return { script: { needs, foundUnder: toNodeFolder(path) }, node };
}

/** A file of this name on PATH that is there and may not be run. */
export async function findLame(name: string, env: Env): Promise<string | undefined> {
  if (process.platform === 'win32' || name === '') return undefined;
  const folders = name.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const path = folder === '' ? name : join(folder, name);
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    const mayRun = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isFile && !mayRun) return path;
  }
  return undefined;
}

async function isNodeScript(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(128), 0, 128, 0);
    return /^#!.*\bnode\b/.test(buffer.subarray(0, bytesRead).toString().split('\n')[0] ?? '');
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

const packageSchema = z.object({ engines: z.object({ node: z.string() }).partial().optional() });
const MOST_FOLDERS = 6;

// The nearest package.json above it is that of its package.
async function readNeededNode(path: string): Promise<string | undefined> {
  let folder = dirname(path);
  for (let step = 0; step < MOST_FOLDERS && dirname(folder) !== folder; step += 1) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    const parsed = text === undefined ? undefined : parseJson(text);
    const manifest = packageSchema.safeParse(parsed?.ok === true ? parsed.value : undefined);
    if (manifest.success && manifest.data.engines?.node !== undefined) return toOldest(manifest.data.engines.node);
    if (manifest.success && !folder.endsWith('dist')) return undefined;
    folder = dirname(folder);
  }
  return undefined;
}

const versions = new Map<string, Promise<string>>();

async function findNode(env: Env): Promise<Inspection['node']> {
  const found = await findProgram({ name: 'node', env });
  if (!found.found) return undefined;
  // It may be gone since it was found; a look at agents never fails.
  const file = await stat(found.path).catch(() => undefined);
  if (file === undefined) return undefined;
  const key = `${found.path} ${file.mtimeMs}`;
  const asked =
    versions.get(key) ?? run(found.path, ['--version'], { timeout: VERSION_MS }).then(({ stdout }) => stdout);
  versions.set(key, asked);
  const version = await asked.catch(() => undefined);
  if (version === undefined) {
    versions.delete(key);
    return undefined;
  }
  return { version: version.trim().replace(/^v/, ''), under: toNodeFolder(found.path) };
}

/** The version of Node whose folder of nvm or fnm a path lies in. */
export function toNodeFolder(path: string): string | undefined {
  return /[\\/](?:versions[\\/]node|node-versions)[\\/]v?(\d[^\\/]*)[\\/]/.exec(path)?.[1];
}
