import { execFile } from 'node:child_process';

const CHECK_MS = 5000;
let found: Promise<readonly string[]> | undefined;

/**
 * What to put before a command so that its process is killed when this one has ended, however that ended. Empty where the
 * system has no way to do it: `setpriv` of util-linux has, and becomes the command itself. Looked for once.
 */
export function findLeash(): Promise<readonly string[]> {
  // By its whole path: the environment of a command need not have it on its own.
  const candidates = process.platform === 'linux' ? ['/usr/bin/setpriv', '/bin/setpriv'] : [];
  found ??= findFirst(candidates.map((program) => [program, '--pdeathsig', 'KILL', '--']));
  return found;
}

async function findFirst(candidates: readonly (readonly string[])[]): Promise<readonly string[]> {
  for (const candidate of candidates) if (await isAble(candidate)) return candidate;
  return [];
}

// A smaller `setpriv`, as Alpine has it, does not know how.
function isAble([program = '', ...args]: readonly string[]): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  execFile(program, [...args, 'true'], { timeout: CHECK_MS }, (error) => resolve(error === null));
  return promise;
}
