import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { type AcpAgentDefinition, AppError, parseJson } from '@baton/protocol';
import { findProgram } from '@baton/runner';
import { z } from 'zod';

export interface Located {
  path: string;
  /** As its npm package says; programs that are not from npm are asked when they run. */
  version?: string;
}

/** The program of an agent. Rejects with `backend-not-installed`; runs nothing. */
export async function locateAgent(
  { title, command, install }: AcpAgentDefinition,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Located> {
  const query = isAbsolute(command) ? { name: command, setting: command } : { name: command };
  const found = await findProgram({ ...query, env });
  if (!found.found) {
    const how = install ?? toAdvice(command);
    throw new AppError('backend-not-installed', `${title} is not installed (looked in ${found.lookedIn}). ${how}.`);
  }
  const version = await readVersion(found.path);
  return { path: found.path, ...(version === undefined ? {} : { version }) };
}

// Whoever pastes a whole command line, or gives a path already, is not helped by being told to give a path.
function toAdvice(command: string): string {
  const holdsArguments = isAbsolute(command) ? /\s-/.test(command) : /\s/.test(command);
  if (holdsArguments) return 'Give only the program as the command, and its arguments apart from it';
  if (isAbsolute(command)) return 'Correct the path, or install the program there';
  return `Install the program "${command}", or give its whole path`;
}

const packageSchema = z.object({ name: z.string(), version: z.string() });
const MAX_UP = 6;

// Asking the program itself takes a second or two with several agents; the package beside it knows as well.
async function readVersion(path: string): Promise<string | undefined> {
  let folder = dirname(await realpath(path).catch(() => path));
  for (let up = 0; up < MAX_UP && folder.includes('node_modules'); up += 1) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '');
    const parsed = parseJson(text);
    const found = packageSchema.safeParse(parsed.ok ? parsed.value : undefined);
    if (found.success) return found.data.version;
    folder = dirname(folder);
  }
  return undefined;
}
