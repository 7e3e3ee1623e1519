import { spawn } from 'node:child_process';
import { AppError } from '@baton/protocol';

export interface GitCommand {
  args: readonly string[];
  /** Bytes as text: see `raw-path.ts`. */
  input?: string;
  /** More output than this ends the program; default 64 MB. */
  maxOutput?: number;
  signal: AbortSignal;
}

export interface GitPlace {
  program: string;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}

export interface GitOutcome {
  code: number | null;
  /** Bytes as text. */
  stdout: string;
  stderr: string;
  /** Whether there was more than was wanted. */
  cut: boolean;
}

const MAX_OUTPUT = 64 * 1024 * 1024;
const MAX_STDERR = 4000;

/** Runs git without a shell. Rejects when it cannot be started, and with the signal's reason when it is aborted. */
export function runGit(place: GitPlace, { args, input, maxOutput = MAX_OUTPUT, signal }: GitCommand) {
  return new Promise<GitOutcome>((resolve, reject) => {
    const { program, cwd, env } = place;
    const child = spawn(program, args, { cwd, env, stdio: 'pipe', signal, killSignal: 'SIGKILL', windowsHide: true });
    const chunks: Buffer[] = [];
    let size = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxOutput) child.kill('SIGKILL');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('latin1')).slice(0, MAX_STDERR);
    });
    child.on('error', (cause) => reject(signal.aborted ? signal.reason : toStartFault(program, cause)));
    child.on('close', (code) => {
      const stdout = Buffer.concat(chunks).subarray(0, maxOutput).toString('latin1');
      if (signal.aborted) reject(signal.reason);
      else resolve({ code, stdout, stderr, cut: size > maxOutput });
    });
    // A program that ends early has read enough.
    child.stdin.on('error', () => undefined);
    child.stdin.end(Buffer.from(input ?? '', 'latin1'));
  });
}

function toStartFault(program: string, cause: Error): AppError {
  return new AppError('internal', `Cannot run "${program}": ${cause.message}`, {}, { cause });
}
