import { open, stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { findProgram } from './find-program.ts';

/** As much of a script's first line as systems read. */
const MOST_BYTES = 256;

/**
 * The program that a script's first line names and that is not there: an absolute path, or the name that `env` would look for.
 * The system then says of the script itself that it does not exist. Undefined for all else. Never throws and runs nothing.
 */
export async function findMissingInterpreter(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  const [program, ...args] = await readInterpreter(path);
  if (program === undefined || !isAbsolute(program)) return undefined;
  if (!(await isThere(program))) return program;
  if (basename(program) !== 'env') return undefined;
  const name = args.find((arg) => !arg.startsWith('-') && !arg.includes('='));
  if (name === undefined || name.includes('/')) return undefined;
  return (await findProgram({ name, env })).found ? undefined : name;
}

async function readInterpreter(path: string): Promise<string[]> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    const [first = ''] = buffer.subarray(0, bytesRead).toString().split('\n');
    return first.startsWith('#!') ? first.slice(2).trim().split(/\s+/) : [];
  } catch {
    return [];
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
