import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

const HELP = `
Whoever has the link owns the server: do not paste it where others read.

Example:
  xdg-open "$(baton open)"`;

export function addOpen(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('open')
    .summary('print the link that signs a browser in')
    .description('Prints the link that signs a browser in to the running server.')
    .addHelpText('after', HELP);
  addServerFlags(command).action((flags: ServerFlags) => run(() => printLink(context, flags)));
}

async function printLink(context: Context, flags: ServerFlags): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const { url, key } = await requireServer(context, flags);
  context.terminal.out(`${url}/#key=${key}\n`);
  return EXIT.done;
}
