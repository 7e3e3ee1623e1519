import { createApi, type Api } from '@baton/client';
import { isAppError, type FoundSession, type HistoryStatus, type KeptList, type SessionView } from '@baton/protocol';
import { InvalidArgumentError, type Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toAge } from '../render/duration.ts';
import type { Paint } from '../render/paint.ts';
import { shorten, toPlainLine } from '../render/plain-text.ts';
import { resolveId } from '../resolve-id.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface ListFlags extends ServerFlags {
  q?: string;
  backend?: string;
  limit: number;
  json?: boolean;
}

interface LookFlags extends ServerFlags {
  json?: boolean;
}

interface ResumeFlags extends ServerFlags {
  fork?: boolean;
}

const PAGE = 200;
const DEFAULT_LIMIT = 50;
/** An agent is started, and asked for all it keeps. */
const LONG_MS = 120_000;

const HELP = `
Examples:
  baton history --q parser
  baton history look copilot
  baton attach "$(baton history resume fnd_3f9a)"
  baton history resume fnd_3f9a --fork`;

/** Conversations that began in the agents' own programs. Without a word of its own it lists. */
export function addHistory(program: Command, context: Context, run: RunAction): void {
  const history = program
    .command('history')
    .summary('conversations that began outside Baton: list, look, resume')
    .description(
      "Conversations that agents keep themselves, beside Baton's own. Those of Claude Code, Codex, Gemini and OpenCode are read where they store them; other agents are asked for theirs with 'look'.",
    )
    .addHelpText('after', HELP);
  addList(history, context, run);
  addLook(history, context, run);
  addResume(history, context, run);
}

function addList(history: Command, context: Context, run: RunAction): void {
  const command = history
    .command('ls', { isDefault: true })
    .summary('list them, newest activity first')
    .description('Lists conversations that began outside Baton, newest activity first.')
    .option('-q, --q <words>', 'only those with these words in title or folder')
    .option('-b, --backend <agent>', 'only those of this agent')
    .option('-n, --limit <count>', 'at most so many', toLimit, DEFAULT_LIMIT)
    .option('--json', 'print them as one JSON list');
  addServerFlags(command).action((flags: ListFlags) => run(() => listFound(context, flags)));
}

function addLook(history: Command, context: Context, run: RunAction): void {
  const command = history
    .command('look')
    .summary('ask an agent which conversations it keeps')
    .description(
      'Starts an agent, asks it which conversations it keeps, takes them over into the list, and ends it. No model is asked.',
    )
    .argument('<agent>', 'id of the agent, as "baton agents ls" shows it')
    .option('--json', 'print the outcome as JSON');
  addServerFlags(command).action((agent: string, flags: LookFlags) => run(() => look(context, agent, flags)));
}

function addResume(history: Command, context: Context, run: RunAction): void {
  const command = history
    .command('resume')
    .summary('go on with one in Baton, under its own id')
    .description(
      'Makes the session that goes on with a conversation, under its own id, and prints the id of the session. There is one for each: the second time it prints the same.',
    )
    .argument('<id>', 'id of the conversation, or its beginning or end if no other has the same')
    .option('--fork', 'begin from it and leave it as it is; also possible while it is open in a terminal');
  addServerFlags(command).action((id: string, flags: ResumeFlags) => run(() => resume(context, id, flags)));
}

function toLimit(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return count;
}

async function connect(context: Context, flags: ServerFlags): Promise<Api> {
  const { requireServer } = await import('../server/find-server.ts');
  return createApi({ ...(await requireServer(context, flags)), timeoutMs: LONG_MS });
}

async function listFound(context: Context, flags: ListFlags): Promise<number> {
  const api = await connect(context, flags);
  const items = await readFound(api, flags);
  const { terminal } = context;
  if (flags.json === true) terminal.out(`${JSON.stringify(items, undefined, 2)}\n`);
  else for (const found of items) terminal.out(`${toRow(found, context.now(), terminal.outPaint)}\n`);
  const words = toStatusWords(await api.call('getHistoryStatus'), items.length);
  if (words !== undefined) terminal.err(`${words}\n`);
  return EXIT.done;
}

async function readFound(api: Api, { q, backend, limit }: Omit<ListFlags, 'json'>): Promise<FoundSession[]> {
  const items: FoundSession[] = [];
  let cursor: string | undefined;
  do {
    const query = { q, backend, cursor, limit: Math.min(PAGE, limit - items.length) };
    const page = await api.call('listFound', { query });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && items.length < limit);
  return items;
}

/** What a list of so many does not tell by itself. */
export function toStatusWords(status: HistoryStatus, shown: number): string | undefined {
  const words = toProgressWords(status, shown);
  const lines = [...(status.notRead ?? []).map(({ reason }) => reason), ...(words === undefined ? [] : [words])];
  return lines.length === 0 ? undefined : lines.join('\n');
}

function toProgressWords(status: HistoryStatus, shown: number): string | undefined {
  const { state, total, found, waiting, problem } = status;
  if (problem !== undefined) return `${problem}.`;
  if (waiting > 0) return `Reading ${total - waiting} of ${total} conversations; the rest will be here soon.`;
  if (shown > 0) return undefined;
  if (state === 'scanning') return 'Looking for conversations. Try again in a moment.';
  return found === 0 ? 'Nothing from elsewhere on this machine.' : 'No conversation matches.';
}

function toRow(found: FoundSession, now: number, paint: Paint): string {
  const { id, live, updatedAt, backend, title, cwd, turns } = found;
  const name = shorten(toPlainLine(title), 48).padEnd(48);
  const age = found.undated === true ? 'no date' : toAge(updatedAt, now);
  const length = turns === 0 ? ''.padEnd(10) : `${String(turns).padStart(4)} turns`;
  const facts = `${age.padEnd(10)} ${toPlainLine(backend).padEnd(8)} ${length}`;
  const mark = live ? ` ${paint('accent', '(in a terminal now)')}` : '';
  return `${id}  ${facts}  ${paint('strong', name)} ${paint('quiet', toPlainLine(cwd))}${mark}`;
}

async function look(context: Context, agent: string, flags: LookFlags): Promise<number> {
  const api = await connect(context, flags);
  const kept = await api.call('lookForConversations', { params: { id: agent } });
  const { terminal } = context;
  if (flags.json === true) {
    terminal.out(`${JSON.stringify(kept, undefined, 2)}\n`);
    return EXIT.done;
  }
  const mark = kept.problem === undefined ? terminal.outPaint('good', '✓') : terminal.outPaint('ask', '!');
  terminal.out(`${mark} ${toPlainLine(toKeptWords(kept))}\n`);
  if (kept.added > 0) terminal.err(`Show them with: baton history --backend ${toPlainLine(agent)}\n`);
  return EXIT.done;
}

// What came of asking an agent, in a few sentences.
function toKeptWords({ told, shown, added, gone, leftOut, problem }: KeptList): string {
  const news = shown === 0 ? '' : `, ${added === 0 ? 'none' : added} of them new`;
  return [
    told === 0 ? 'It keeps no conversations' : `It keeps ${told} conversations; ${shown} are listed${news}`,
    ...(gone === 0 ? [] : [`${gone} are not there any more`]),
    ...(leftOut === 0 ? [] : [`${leftOut} without an id or a folder were left out`]),
    ...(problem === undefined ? [] : [problem]),
  ]
    .map((sentence) => `${sentence}.`)
    .join(' ');
}

async function resume(context: Context, typed: string, flags: ResumeFlags): Promise<number> {
  const api = await connect(context, flags);
  const made = await resumeTyped(api, typed, { fork: flags.fork === true });
  const { terminal } = context;
  terminal.out(`${made.id}\n`);
  terminal.err(`${terminal.errPaint('good', '✓')} ${toPlainLine(made.title)}\n`);
  return EXIT.done;
}

// The id as it was typed; else the one that begins or ends like it.
async function resumeTyped(api: Api, typed: string, body: { fork: boolean }): Promise<SessionView> {
  try {
    return await api.call('resumeFound', { params: { id: typed }, body });
  } catch (error) {
    if (!isAppError(error) || (error.kind !== 'not-found' && error.kind !== 'invalid-input')) throw error;
  }
  const found = await readFound(api, { limit: Number.POSITIVE_INFINITY });
  const { id } = resolveId({ name: 'conversation', listedBy: 'baton history ls' }, typed, found);
  return api.call('resumeFound', { params: { id }, body });
}
