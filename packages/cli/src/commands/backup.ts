import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';

interface DataFlags {
  data?: string;
}

export function addBackup(program: Command, context: Context, run: RunAction): void {
  program
    .command('backup')
    .summary('copy all sessions into one file')
    .description('Copies all sessions, consistently, into one file. The server may be running.')
    .argument('<file>', 'a new file; only you can read it')
    .option('--data <folder>', 'data folder (BATON_DATA)')
    .addHelpText('after', '\nExample:\n  baton backup ~/baton-$(date +%F).db')
    .action((file: string, flags: DataFlags) => run(() => backup(context, file, flags)));
}

export function addRestore(program: Command, context: Context, run: RunAction): void {
  program
    .command('restore')
    .summary('put a backup in the place of the present sessions')
    .description(
      'Puts a backup in the place of the present sessions, which are kept beside it. No server may be running.',
    )
    .argument('<file>', 'a file made by "baton backup"')
    .option('--data <folder>', 'data folder (BATON_DATA)')
    .addHelpText('after', '\nExample:\n  baton restore ~/baton-2026-11-20.db')
    .action((file: string, flags: DataFlags) => run(() => restore(context, file, flags)));
}

async function backup(context: Context, file: string, flags: DataFlags): Promise<number> {
  const { backupData } = await import('@baton/server');
  const { readDataDir } = await import('../server/find-server.ts');
  const to = resolve(context.cwd, file);
  const { events, sessions, bytes } = await backupData(readDataDir(context, flags), to);
  context.terminal.out(`Copied ${sessions} sessions with ${events} events to ${to} (${toMegabytes(bytes)})\n`);
  return EXIT.done;
}

async function restore(context: Context, file: string, flags: DataFlags): Promise<number> {
  const { restoreData } = await import('@baton/server');
  const { readDataDir } = await import('../server/find-server.ts');
  const { events, sessions, replaced } = await restoreData(readDataDir(context, flags), resolve(context.cwd, file));
  context.terminal.out(`Restored ${sessions} sessions with ${events} events\n`);
  if (replaced !== undefined) context.terminal.out(`What was there before is kept as ${replaced}\n`);
  return EXIT.done;
}

function toMegabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
