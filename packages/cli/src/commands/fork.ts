import type { TurnId } from '@baton/protocol';
import { createApi, type Api } from '@baton/client';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { findSession } from '../find-session.ts';
import { toPlainLine } from '../render/plain-text.ts';
import { resolveId } from '../resolve-id.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface ForkFlags extends ServerFlags {
  turn?: string;
  title?: string;
}

const HELP = `
Prints the id of the new session. The old one stays as it is; both work in the same folder.

Examples:
  baton fork 084sn02q
  baton attach "$(baton fork 084sn02q --turn trn_01h455vb4pex5vsknk084sn02q)"`;

export function addFork(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('fork')
    .summary('branch a session')
    .description('Makes a session that goes on from the end of a turn, by default the last that ended.')
    .argument('<id>', 'id of the session, or its beginning or end if no other has the same')
    .option('-t, --turn <turn>', 'id of the last turn that both share, or its beginning or end')
    .option('--title <title>', 'of the new session')
    .addHelpText('after', HELP);
  addServerFlags(command).action((id: string, flags: ForkFlags) => run(() => fork(context, id, flags)));
}

async function fork(context: Context, typed: string, flags: ForkFlags): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const api = createApi(await requireServer(context, flags));
  const { id } = await findSession({ api }, typed);
  const turnId = flags.turn === undefined ? undefined : await findTurn(api, id, flags.turn);
  const body = {
    ...(turnId === undefined ? {} : { turnId }),
    ...(flags.title === undefined ? {} : { title: flags.title }),
  };
  const made = await api.call('forkSession', { params: { id }, body });
  const { terminal } = context;
  terminal.out(`${made.id}\n`);
  terminal.err(`${terminal.errPaint('good', '✓')} ${toPlainLine(made.title)}\n`);
  return EXIT.done;
}

async function findTurn(api: Api, sessionId: string, typed: string): Promise<TurnId> {
  const turns: { id: TurnId }[] = [];
  for (let after = 0; ; ) {
    const { events, seq } = await api.call('listEvents', { params: { id: sessionId }, query: { after, limit: 1000 } });
    for (const { event } of events) if (event.type === 'turn.ended') turns.push({ id: event.turnId });
    after = events.at(-1)?.seq ?? seq;
    if (events.length === 0 || after >= seq) break;
  }
  return resolveId({ name: 'turn that has ended' }, typed, turns).id;
}
