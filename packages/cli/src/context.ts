import type { Terminal } from './terminal.ts';

/** What every command gets from the program around it. */
export interface Context {
  terminal: Terminal;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Epoch milliseconds. */
  now(): number;
}

/** Wraps what a command does: it answers with its exit code. */
export type RunAction = (action: () => Promise<number>) => Promise<void>;
