import type { SessionView } from '@baton/protocol';
import { createApi } from '@baton/client';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toAge } from '../render/duration.ts';
import type { Paint, Tone } from '../render/paint.ts';
import { shorten, toPlainLine } from '../render/plain-text.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface LsFlags extends ServerFlags {
  json?: boolean;
  all?: boolean;
}

const HELP = `
Examples:
  baton ls
  baton ls --json | jq -r '.[] | select(.state == "waiting") | .id'`;

export function addLs(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('ls')
    .summary('list sessions, newest activity first')
    .description('Lists sessions, newest activity first.')
    .option('--json', 'print the sessions as one JSON list')
    .option('-a, --all', 'archived ones too')
    .addHelpText('after', HELP);
  addServerFlags(command).action((flags: LsFlags) => run(() => listSessions(context, flags)));
}

async function listSessions(context: Context, flags: LsFlags): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const api = createApi(await requireServer(context, flags));
  const shown = await readAll((cursor) => api.call('listSessions', { query: { limit: 500, cursor } }));
  const archived =
    flags.all === true
      ? await readAll((cursor) => api.call('listSessions', { query: { limit: 500, cursor, archived: true } }))
      : [];
  const known = new Set(shown.map(({ id }) => id));
  const sessions = [...shown, ...archived.filter(({ id }) => !known.has(id))];
  const { terminal } = context;
  if (flags.json === true) terminal.out(`${JSON.stringify(sessions, undefined, 2)}\n`);
  else if (sessions.length === 0) terminal.err('No sessions yet. Start one with: baton run "..."\n');
  else for (const line of toRows(sessions, context.now(), terminal.outPaint)) terminal.out(`${line}\n`);
  return EXIT.done;
}

async function readAll(
  read: (cursor: string | undefined) => Promise<{ items: SessionView[]; cursor?: string | undefined }>,
): Promise<SessionView[]> {
  const all: SessionView[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

const TONES: Record<SessionView['state'], Tone> = {
  waiting: 'ask',
  running: 'accent',
  starting: 'accent',
  idle: 'quiet',
  stopped: 'quiet',
  failed: 'bad',
};

/** One line per session: id, state, age, agent, title, folder. */
export function toRows(sessions: readonly SessionView[], now: number, paint: Paint): string[] {
  return sessions.map(({ id, state, updatedAt, backend, title, cwd, archived }) => {
    const name = shorten(toPlainLine(title), 48).padEnd(48);
    const mark = archived ? ' (archived)' : '';
    const age = toAge(updatedAt, now).padEnd(10);
    const facts = `${paint(TONES[state], state.padEnd(8))} ${age} ${toPlainLine(backend).padEnd(8)}`;
    return `${id}  ${facts} ${paint('strong', name)} ${paint('quiet', `${toPlainLine(cwd)}${mark}`)}`;
  });
}
