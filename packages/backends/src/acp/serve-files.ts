import { isUtf8 } from 'node:buffer';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '@baton/protocol';
import { z } from 'zod';
import { replaceText } from '../agent/replace-text.ts';
import type { PathScope, ScopedPath } from '../worker/tools/path-scope.ts';
import { readHead } from '../worker/tools/read-file.ts';

const MAX_READ = 10_000_000;

const line = z.int().nonnegative().nullish();
const readSchema = z.looseObject({ path: z.string(), line, limit: line });
const writeSchema = z.looseObject({ path: z.string(), content: z.string() });

/** Reads a text file for the agent: lines from `line` (1 is the first), at most `limit` of them. */
export async function readTextFile(scope: PathScope, params: unknown): Promise<{ content: string }> {
  const { path, line: first, limit } = readSchema.parse(params);
  const target = await resolveInside(scope, path);
  const found = await stat(target.real).catch(() => undefined);
  if (found === undefined) throw new AppError('not-found', `There is no file ${path}`);
  if (!found.isFile()) throw new AppError('invalid-input', `${path} is not a regular file`);
  if (found.size > MAX_READ) throw new AppError('payload-too-large', `${path} is larger than ${MAX_READ} bytes`);
  const bytes = await readHead(target.real);
  if (bytes.subarray(0, 8000).includes(0)) throw new AppError('invalid-input', `${path} is not a text file`);
  const text = bytes.toString('utf8');
  if (first == null && limit == null) return { content: text };
  const start = Math.max(0, (first ?? 1) - 1);
  const lines = text.split('\n').slice(start, limit == null ? undefined : start + limit);
  return { content: lines.join('\n') };
}

/** Writes a text file for the agent, and the folders to it. Refuses what was read of another encoding than UTF-8. */
export async function writeTextFile(scope: PathScope, params: unknown): Promise<Record<string, never>> {
  const { path, content } = writeSchema.parse(params);
  const target = await resolveInside(scope, path);
  await mkdir(dirname(target.real), { recursive: true });
  // What was a folder when it was looked at may be a link by now.
  const again = await scope.resolve(target.real);
  if (again.real !== target.real) throw new AppError('forbidden', `${path} became a link meanwhile`);
  // What is no UTF-8 was read as this sign, and would be lost wherever the agent left it as it was.
  if (content.includes('\ufffd') && !(await holdsUtf8(target.real)))
    throw new AppError('invalid-input', `${path} is not UTF-8, and this would damage it. Change it with a command`);
  await replaceText(target.real, content);
  return {};
}

async function holdsUtf8(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() !== true || found.size > MAX_READ || isUtf8(await readHead(path));
}

/** Where a path really leads. Rejects with `forbidden` when that is outside of the session's folder. */
export async function resolveInside(scope: PathScope, path: string): Promise<ScopedPath> {
  const target = await scope.resolve(path);
  if (target.isOutside)
    throw new AppError('forbidden', `${path} is outside of the session's folder, and Baton does not touch it`);
  return target;
}
