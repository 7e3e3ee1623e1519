import type * as Native from '@lydell/node-pty';
import { AppError } from '@baton/protocol';

/** What is used of a pseudo-terminal. */
export interface Pty {
  readonly pid: number;
  onData(listener: (data: string) => void): unknown;
  onExit(listener: (end: { exitCode: number }) => void): unknown;
  write(data: string): void;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(signal?: string): void;
}

export interface PtyOrder {
  file: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment. */
  env: Readonly<Record<string, string>>;
  cols: number;
  rows: number;
}

let loading: Promise<typeof Native | undefined> | undefined;

// Native code, built for most systems and not for all; without it the pages show the command to type.
function load(): Promise<typeof Native | undefined> {
  loading ??= import('@lydell/node-pty').catch(() => undefined);
  return loading;
}

export async function hasPty(): Promise<boolean> {
  return (await load()) !== undefined;
}

/** Rejects with `capability-missing` where there is no pseudo-terminal, and with `backend-not-installed` when the program does not start. */
export async function startPty({ file, args, cwd, env, cols, rows }: PtyOrder): Promise<Pty> {
  const native = await load();
  if (native === undefined) {
    throw new AppError('capability-missing', 'Baton has no terminal on this system: run the command by hand instead');
  }
  try {
    return native.spawn(file, [...args], { name: 'xterm-256color', cwd, env: { ...env }, cols, rows });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('backend-not-installed', `Cannot start ${file}: ${why}`, {}, { cause });
  }
}
