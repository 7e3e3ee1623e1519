import { lstat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Risk } from '@baton/protocol';
import { type Action, type Facts, readCommands, readPaths } from './match/facts.ts';
import { toRealPath } from './real-path.ts';

export interface Asked extends Action {
  backend: string;
  cwd: string;
  risk?: Risk['level'] | undefined;
}

/** What rules look at, with every path followed to where it leads. */
export async function readFacts(asked: Asked): Promise<Facts> {
  const { backend, cwd, tool, risk } = asked;
  const named = readPaths(asked);
  const paths = typeof named === 'string' ? named : await toRealPaths(named, cwd);
  return { backend, folder: cwd, tool, risk, paths, commands: runsElsewhere(asked) ? 'unknown' : readCommands(asked) };
}

async function toRealPaths(named: readonly string[], folder: string): Promise<Facts['paths']> {
  const real = await Promise.all(named.map((path) => follow(path, folder)));
  const known = real.filter((path) => path !== undefined);
  return known.length === named.length ? known : 'unknown';
}

async function follow(path: string, folder: string): Promise<string | undefined> {
  const real = await toRealPath(path, folder);
  if (real === undefined) return undefined;
  // A link whose target is missing: writing makes the target, wherever that is.
  for (let at = resolve(folder, path); at !== dirname(at); at = dirname(at)) {
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined) continue;
    return found.isSymbolicLink() && (await toRealPath(at, folder)) === at ? undefined : real;
  }
  return real;
}

// The same words do something else in another folder.
function runsElsewhere({ kind, input, cwd }: Asked): boolean {
  if (kind !== 'execute' || typeof input !== 'object' || input === null) return false;
  const named = Object.entries(input).find(([name]) => ['cwd', 'workdir', 'working_directory'].includes(name))?.[1];
  if (named === undefined || named === null) return false;
  if (typeof named !== 'string') return true;
  const between = relative(cwd, resolve(cwd, named));
  return between === '..' || between.startsWith(`..${sep}`) || isAbsolute(between);
}
