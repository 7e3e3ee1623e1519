import { isAppError } from '@baton/protocol';
import { Command, CommanderError } from 'commander';
import type { Context, RunAction } from './context.ts';
import { EXIT, toExitCode } from './exit-code.ts';
import { toPlainLines } from './render/plain-text.ts';
import { VERSION } from './version.ts';

export type AddCommand = (program: Command, context: Context, run: RunAction) => void;

const HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 5 no connection to the server; "baton run --help" has the rest.

Start here:
  baton doctor     what is missing on this machine
  baton serve      the server, and the link to open in a browser
  baton run "..."  one prompt, here in the terminal`;

/** Runs one command line and answers with its exit code. Never throws for what a user or a server did wrong. */
export async function runCli(
  commands: readonly AddCommand[],
  args: readonly string[],
  context: Context,
): Promise<number> {
  let code: number = EXIT.done;
  const program = createProgram(context);
  for (const add of commands) {
    add(program, context, async (action) => {
      code = await action();
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, context);
  }
}

function createProgram({ terminal }: Context): Command {
  return new Command('baton')
    .description('Run, watch, steer and approve coding agents.')
    .version(VERSION, '-V, --version', 'print the version')
    .showHelpAfterError('See the help with --help')
    .addHelpText('after', HELP)
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .enablePositionalOptions()
    .exitOverride();
}

function explain(error: unknown, { terminal }: Context): number {
  // Commander has said what was wrong; help and version end this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (!isAppError(error)) throw error;
  terminal.err(`${terminal.errPaint('bad', '✗')} ${toPlainLines(error.message)}\n`);
  for (const { path, message } of error.details.issues ?? [])
    terminal.err(`  ${toPlainLines(`${path}: ${message}`)}\n`);
  return toExitCode(error.kind);
}
