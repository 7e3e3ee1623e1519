import { AppError } from '@baton/protocol';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toPlainLine } from '../render/plain-text.ts';

interface RehearseFlags {
  list?: boolean;
}

const HELP = `
Starts a scripted model on this machine and runs a command against it: the Claude CLI or any program that takes its model
from the environment then answers from the script, without a key, a network or a cost.

Examples:
  baton rehearse --list
  baton rehearse first-session -- claude -p "hello"
  baton rehearse ./my-scenario.yaml -- npm test`;

export function addRehearse(program: Command, context: Context, run: RunAction): void {
  program
    .command('rehearse')
    .summary('run a command against a scripted model')
    .description('Runs a command against a scripted model.')
    .argument('[scenario]', 'name of a scenario that comes with Baton, or a file')
    .argument('[command...]', 'after "--": the command and its arguments')
    .option('-l, --list', 'list the scenarios that come with Baton')
    .addHelpText('after', HELP)
    .action((scenario: string | undefined, command: string[], flags: RehearseFlags) =>
      run(() => (flags.list === true ? listScenarios(context) : rehearse(context, scenario, command))),
    );
}

async function listScenarios({ terminal }: Context): Promise<number> {
  const { listScenarios: readScenarios } = await import('@baton/rehearsal');
  for (const { name, title } of await readScenarios()) {
    terminal.out(`${terminal.outPaint('accent', name.padEnd(20))} ${toPlainLine(title)}\n`);
  }
  return EXIT.done;
}

async function rehearse(
  { env, cwd }: Context,
  scenario: string | undefined,
  command: readonly string[],
): Promise<number> {
  const [program, ...args] = command;
  if (scenario === undefined || program === undefined) {
    throw new AppError('invalid-input', 'Say which scenario and which command: baton rehearse SCENARIO -- command');
  }
  const { rehearseCommand } = await import('@baton/rehearsal');
  return rehearseCommand({ scenario, command: program, args, env, cwd });
}
