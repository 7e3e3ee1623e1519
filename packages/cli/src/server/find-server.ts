import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@baton/protocol';
import { createApi } from '@baton/client';
import { readServerFile, readSettings } from '@baton/server';
import type { Context } from '../context.ts';

/** Where a command should connect to, as the flags say it. */
export interface ServerFlags {
  url?: string | undefined;
  key?: string | undefined;
  data?: string | undefined;
}

export interface ServerAddress {
  url: string;
  key: string;
}

/**
 * The server to talk to: the one named by flag or environment, else the one that runs on the data folder.
 *
 * The owner key only ever goes to the server that wrote itself into the data folder; an address from outside needs a key
 * from outside. Undefined when no server runs; rejects when what is said makes no sense.
 */
export async function findServer(context: Context, flags: ServerFlags): Promise<ServerAddress | undefined> {
  const url = flags.url ?? (context.env['BATON_URL'] || undefined);
  const key = flags.key ?? (context.env['BATON_KEY'] || undefined);
  if (url !== undefined) {
    if (key !== undefined) return { url: checkUrl(url), key };
    throw new AppError('invalid-input', `Cannot connect to ${url}: give its key with BATON_KEY or --key`);
  }
  const dataDir = readDataDir(context, flags);
  const file = readServerFile(dataDir);
  if (file === undefined || !isAlive(file.pid) || !(await answers(file.url))) return undefined;
  return { url: file.url, key: key ?? (await readKey(context, dataDir)) };
}

/** The same, for commands that need a server. */
export async function requireServer(context: Context, flags: ServerFlags): Promise<ServerAddress> {
  const found = await findServer(context, flags);
  if (found !== undefined) return found;
  const dataDir = readDataDir(context, flags);
  throw new AppError(
    'server-unreachable',
    `Cannot connect: no Baton server runs on the data folder "${dataDir}". Start one with "baton serve"`,
  );
}

/** The data folder, from the flag, the environment or the platform. */
export function readDataDir(context: Context, { data }: Pick<ServerFlags, 'data'>): string {
  return readSettings(toEnvironment(context, data)).dataDir;
}

/** The environment with the data folder that a flag names. */
export function toEnvironment(context: Context, data: string | undefined): Context['env'] {
  return data === undefined ? context.env : { ...context.env, BATON_DATA: data };
}

function checkUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return text.replace(/\/+$/, '');
  throw new AppError(
    'invalid-input',
    `"${text}" is not the address of a server; expected one like http://127.0.0.1:22866`,
  );
}

// A file that a killed server left behind must not send the key to whatever took its port since.
async function answers(url: string): Promise<boolean> {
  try {
    await createApi({ url, timeoutMs: 5_000, validate: true }).call('getHealth');
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

// A server that was given its key writes none down.
function toReason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT')
    return 'there is none. The server was started with BATON_OWNER_KEY: give that key as BATON_KEY';
  const why = cause instanceof Error ? cause.message : String(cause);
  return `${why}. Run this as the user who runs the server, or give its key as BATON_KEY`;
}

async function readKey(context: Context, dataDir: string): Promise<string> {
  const given = context.env['BATON_OWNER_KEY'];
  if (given !== undefined && given !== '') return given;
  const path = join(dataDir, 'owner.key');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new AppError('unauthenticated', `Cannot read the owner key "${path}": ${toReason(cause)}`, {}, { cause });
  }
}
