import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AppError } from '@baton/protocol';
import { z } from 'zod';

const run = promisify(execFile);

/** How long a program may take to say what it has; on a busy machine it takes ten seconds and more. */
export const LOOK_MS = 20_000;

/** A program and what it says of itself. */
export interface Located {
  path: string;
  version: string;
}

/** A program that was found and may be started before it has said its version. */
export interface Found {
  path: string;
  /** Tells one build from another in the same place. */
  build: string;
  /** Rejects with `backend-not-installed` when it does not run, and with `agent-unresponsive` when it does not end. */
  version: Promise<string>;
}

export interface VersionQuestion {
  path: string;
  /** The agent's name, for people. */
  title: string;
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
}

const versions = new Map<string, Promise<string>>();

/**
 * What a program answers to `--version`; asked once for each build of it. Rejects with `backend-not-installed`, and with
 * `agent-unresponsive` when no answer comes in time.
 */
export async function readVersion(question: VersionQuestion): Promise<string> {
  const { version } = await identify(question);
  return version;
}

/** The same for one whose answer nobody waits for yet. */
export async function identify(question: VersionQuestion): Promise<Found> {
  const { path } = question;
  const { mtimeMs } = await stat(path);
  const build = `${path} ${mtimeMs}`;
  const version = versions.get(build) ?? askVersion(question);
  versions.set(build, version);
  version.catch(() => versions.delete(build));
  return { path, build, version };
}

async function askVersion(question: VersionQuestion): Promise<string> {
  const { path, env, timeoutMs } = question;
  try {
    const { stdout } = await run(path, ['--version'], { timeout: timeoutMs, killSignal: 'SIGKILL', env: { ...env } });
    return /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? stdout.trim();
  } catch (cause) {
    throw toFailure(question, cause);
  }
}

/** How `execFile` fails: by what it was killed, its exit code or the system's own, and what it wrote. */
const execFailureSchema = z.object({
  killed: z.boolean().optional(),
  signal: z.string().nullish(),
  code: z.union([z.string(), z.int()]).nullish(),
  stderr: z.string().optional(),
});
type ExecFailure = z.infer<typeof execFailureSchema>;

const MAX_SAID = 200;

function toFailure({ path, title, timeoutMs }: VersionQuestion, cause: unknown): AppError {
  const failed = execFailureSchema.safeParse(cause);
  const failure: ExecFailure = failed.success ? failed.data : {};
  if (failure.killed === true) {
    const what = `${path} does not answer: it gave no version within ${Math.round(timeoutMs / 1000)} s`;
    const mend = `The machine may be too busy: try again, or run "${path} --version" in a terminal`;
    return new AppError('agent-unresponsive', `${what}. ${mend}`, {}, { cause });
  }
  const why = toReason(failure);
  return new AppError('backend-not-installed', `${path} does not run: ${why}. Install ${title} again`, {}, { cause });
}

function toReason({ stderr = '', code, signal }: ExecFailure): string {
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'asked for its version it did not stop talking';
  const said = stderr.trimEnd().split('\n').at(-1)?.trim().replace(/\.$/, '').slice(0, MAX_SAID) ?? '';
  if (said !== '') return `asked for its version it said "${said}"`;
  if (signal != null) return `asked for its version it was ended by ${signal}`;
  if (typeof code === 'number') return `asked for its version it ended with code ${code} and said nothing`;
  return `the system cannot start it (${code ?? 'unknown reason'})`;
}
