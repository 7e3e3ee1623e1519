import { execFile } from 'node:child_process';

/** Absent outside a repository, without git, and when git takes too long. */
export interface GitView {
  branch?: string;
  dirty?: boolean;
}

const TIMEOUT_MS = 5000;
const MAX_OUTPUT = 32 * 1024 * 1024;

// A repository can name programs in its own configuration; looking at it must run none of them.
const SAFE_OPTIONS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.untrackedCache=false',
  'core.pager=cat',
];

/** Runs git in `cwd` with fixed arguments and without a shell; absent when it fails. */
export function runGit(
  cwd: string,
  args: readonly string[],
  extra: readonly string[] = [],
): Promise<string | undefined> {
  const config = [...SAFE_OPTIONS, ...extra].flatMap((option) => ['-c', option]);
  return new Promise((resolve) => {
    const options = { cwd, env: toGitEnvironment(), timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT, windowsHide: true };
    execFile('git', [...config, '--no-optional-locks', '--no-pager', ...args], options, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}

// Not the server's whole environment: GIT_DIR and its like would point git elsewhere.
function toGitEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, USERPROFILE, SystemRoot } = process.env;
  return { PATH, HOME, USERPROFILE, SystemRoot, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}

export async function readGit(cwd: string): Promise<GitView> {
  // Content filters are programs too, and `status` runs them on changed files: each one that is configured is emptied.
  const names = await runGit(cwd, [
    'config',
    '--name-only',
    '-z',
    '--get-regexp',
    '^filter\\..*\\.(clean|smudge|process)$',
  ]);
  const filters = (names ?? '').split('\0').filter((name) => name !== '' && !name.includes('='));
  const off = filters.flatMap((name) => [`${name}=`, `${name.replace(/\.[^.]*$/, '')}.required=false`]);
  const status = await runGit(
    cwd,
    ['status', '--porcelain=v2', '--branch', '-z', '--ignore-submodules=all', '--untracked-files=normal', '--', '.'],
    off,
  );
  return status === undefined ? {} : toGitView(status.split('\0'));
}

function toGitView(lines: readonly string[]): GitView {
  const head = lines.find((line) => line.startsWith('# branch.head '))?.slice('# branch.head '.length);
  const commit = lines.find((line) => line.startsWith('# branch.oid '))?.slice('# branch.oid '.length);
  const branch = head === '(detached)' ? commit?.slice(0, 10) : head;
  const dirty = lines.some((line) => line !== '' && !line.startsWith('# '));
  return { ...(branch === undefined ? {} : { branch }), dirty };
}
