import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { advice, bad, good, type Finding } from './finding.ts';

const NEEDED_NODE = 24;

export function checkNode(version: string): Finding {
  const at = { id: 'node', title: 'Node.js' };
  const major = Number(version.replace(/^v/, '').split('.')[0]);
  if (major >= NEEDED_NODE) return good(at.id, at.title, version);
  return bad(at, version, `Install Node.js ${NEEDED_NODE} or newer from https://nodejs.org`);
}

export async function checkGit(env: Readonly<Record<string, string | undefined>>): Promise<Finding> {
  const at = { id: 'git', title: 'Git' };
  const version = await readOutput('git', ['--version'], env);
  if (version !== undefined) return good(at.id, at.title, version.trim().replace(/^git version /, ''));
  return advice(at, 'not found on PATH', 'Install git; without it branches and checkpoints of folders are not shown');
}

/** The folders agents may work in. */
export async function checkRoots(roots: readonly string[]): Promise<Finding[]> {
  return Promise.all(
    roots.map(async (root): Promise<Finding> => {
      const at = { id: 'root', title: 'Folder for agents' };
      try {
        if (!(await stat(root)).isDirectory()) return bad(at, `${root} is not a folder`, 'Correct BATON_ROOTS');
        await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
        return good(at.id, at.title, root);
      } catch (error) {
        const why =
          error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'does not exist' : 'cannot be written';
        return bad(at, `${root} ${why}`, 'Make the folder writable for you, or correct BATON_ROOTS');
      }
    }),
  );
}

function readOutput(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, [...args], { env, timeout: 5_000 }, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
}
