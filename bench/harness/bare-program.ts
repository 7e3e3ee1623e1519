import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

export interface BareLaunch {
  command: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment. */
  env: Readonly<Record<string, string>>;
}

/** An agent's program with nothing between it and the clock. */
export interface BareProgram {
  /** The first line of its output from now on that holds the text. Rejects when it ends before. */
  until(text: string): Promise<string>;
  write(message: object): void;
  endInput(): void;
}

/**
 * Milliseconds from the start of the program until `talk` resolves. It is ended then, and awaited: what it did on would
 * slow down whatever is measured next.
 */
export async function timeProgram(launch: BareLaunch, talk: (program: BareProgram) => Promise<unknown>) {
  const startedAt = performance.now();
  const child = spawn(launch.command, [...launch.args], { cwd: launch.cwd, env: { ...launch.env }, detached: true });
  const exited = once(child, 'exit');
  try {
    await talk(toProgram(child, launch.command));
    return performance.now() - startedAt;
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await exited;
  }
}

function toProgram(child: ChildProcessWithoutNullStreams, command: string): BareProgram {
  const errors: string[] = [];
  child.stderr.on('data', (chunk) => errors.push(String(chunk)));
  const lines = createInterface({ input: child.stdout });
  return {
    until: (text) =>
      Promise.race([
        untilLine(lines, text),
        once(lines, 'close').then(() => {
          throw new Error(`${command} ended before it said ${text}: ${errors.join('').slice(-2000)}`);
        }),
      ]),
    write: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    endInput: () => void child.stdin.end(),
  };
}

function untilLine(lines: Interface, text: string): Promise<string> {
  return new Promise((resolve) => {
    const take = (line: string): void => {
      if (!line.includes(text)) return;
      lines.off('line', take);
      resolve(line);
    };
    lines.on('line', take);
  });
}
