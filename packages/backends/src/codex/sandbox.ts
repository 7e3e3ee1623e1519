import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** What to tell where there is none. */
export const NO_SANDBOX =
  'This machine cannot run commands in a sandbox (bubblewrap and user namespaces are missing), so Codex asks before each command, and what you allow is not confined.';

const PREFLIGHT_MS = 10_000;
const known = new Map<string, Promise<boolean>>();

/**
 * Whether Codex can put commands into its sandbox here. Restricted containers cannot; Codex itself would only let every
 * command fail. Asked once for each program.
 */
export function canSandbox(path: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const asked =
    known.get(path) ??
    run(path, ['sandbox', '-P', ':workspace', '--', process.platform === 'win32' ? 'hostname' : 'true'], {
      timeout: PREFLIGHT_MS,
      env: { ...env },
    }).then(
      () => true,
      () => false,
    );
  known.set(path, asked);
  return asked;
}
