import type { RetentionReport } from '@baton/protocol';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toPlainLine } from '../render/plain-text.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface CleanFlags extends ServerFlags {
  dryRun?: boolean;
}

const HELP = `
The rules are those of "Server" in the settings (GET /api/v1/retention). Without rules nothing is archived or deleted. The server
carries them out once a day by itself. With the server stopped the database is also written anew, without its free room.

Examples:
  baton clean --dry-run
  baton clean`;

export function addClean(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('clean')
    .summary('archive and delete what the retention rules name')
    .description('Carries the retention rules out now.')
    .option('--dry-run', 'only say what would be done')
    .addHelpText('after', HELP);
  addServerFlags(command).action((flags: CleanFlags) => run(() => clean(context, flags)));
}

async function clean(context: Context, flags: CleanFlags): Promise<number> {
  const { terminal } = context;
  const dryRun = flags.dryRun === true;
  const { borrowServer } = await import('../server/borrow-server.ts');
  const { createApi } = await import('@baton/client');
  const server = await borrowServer(context, flags);
  let report: RetentionReport;
  try {
    report = await createApi({ url: server.url, key: server.key }).call('runRetention', { body: { dryRun } });
  } finally {
    await server.release();
  }
  for (const line of toLines(report)) terminal.out(`${line}\n`);
  if (!dryRun && server.isOwn) terminal.out(await compact(context, flags));
  return report.failed.length > 0 ? EXIT.failed : EXIT.done;
}

/** One line per session, and one per what was not there. */
export function toLines({ dryRun, archived, deleted, failed, raw }: RetentionReport): string[] {
  const would = (done: string, planned: string) => (dryRun ? planned : done);
  const name = ({ sessionId, title }: { sessionId: string; title: string }) => `${sessionId}  ${toPlainLine(title)}`;
  const lines = [
    ...archived.map((each) => `${would('Archived', 'Would archive')} ${name(each)}`),
    ...deleted.map((each) => `${would('Deleted', 'Would delete')} ${name(each)}`),
    ...failed.map((each) => `Could not: ${name(each)}: ${toPlainLine(each.problem)}`),
    ...(raw.events > 0 ? [`${would('Took', 'Would take')} the content out of ${raw.events} raw messages`] : []),
  ];
  return lines.length > 0 ? lines : ['No rule names anything'];
}

async function compact(context: Context, flags: CleanFlags): Promise<string> {
  const { compactData } = await import('@baton/server');
  const { readDataDir } = await import('../server/find-server.ts');
  const { bytesBefore, bytesAfter } = compactData(readDataDir(context, flags));
  const megabytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(1);
  return `The database took ${megabytes(bytesBefore)} MB and takes ${megabytes(bytesAfter)} MB\n`;
}
