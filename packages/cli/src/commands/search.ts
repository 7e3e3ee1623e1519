import { createApi } from '@baton/client';
import type { SearchHit } from '@baton/protocol';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toAge } from '../render/duration.ts';
import type { Paint } from '../render/paint.ts';
import { shorten, toPlainLine } from '../render/plain-text.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface SearchFlags extends ServerFlags {
  limit: string;
  json?: boolean;
}

const HELP = `
All words have to be there; "quoted words" stand together; the last word may be unfinished.

Examples:
  baton search flaky socket
  baton search '"trailing comma"' --json | jq -r '.[].sessionId // .[].foundId'`;

/** Words in all conversations, Baton's own and those from elsewhere. */
export function addSearch(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('search')
    .summary('find words in all conversations')
    .description("Finds words in all conversations, Baton's own and those that agents stored themselves, newest first.")
    .argument('<words...>', 'what was said')
    .option('-n, --limit <count>', 'at most so many places, up to 200', '30')
    .option('--json', 'print the places as one JSON list')
    .addHelpText('after', HELP);
  addServerFlags(command).action((words: string[], flags: SearchFlags) => run(() => search(context, words, flags)));
}

async function search(context: Context, words: readonly string[], flags: SearchFlags): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const api = createApi(await requireServer(context, flags));
  const { items, cursor } = await api.call('search', { query: { q: words.join(' '), limit: flags.limit } });
  const { terminal } = context;
  if (flags.json === true) terminal.out(`${JSON.stringify(items, undefined, 2)}\n`);
  else for (const line of toLines(items, context.now(), terminal.outPaint)) terminal.out(`${line}\n`);
  if (items.length === 0) terminal.err('Nothing matches.\n');
  if (cursor !== undefined) terminal.err('There is more: ask for more places with --limit, or with more words.\n');
  return EXIT.done;
}

/** Each conversation by its id and title, and under it the places in it. */
export function toLines(hits: readonly SearchHit[], now: number, paint: Paint): string[] {
  const groups = Map.groupBy(hits, ({ sessionId, foundId }) => sessionId ?? foundId ?? '');
  return [...groups].flatMap(([id, places]) => {
    const [first] = places;
    if (first === undefined) return [];
    const where = paint('quiet', `${toPlainLine(first.backend)}  ${toPlainLine(first.cwd)}`);
    const head = `${id}  ${paint('strong', shorten(toPlainLine(first.title), 60))}  ${where}`;
    return [head, ...places.map((hit) => `  ${toAge(hit.at, now).padEnd(10)} ${toMarked(hit, paint)}`)];
  });
}

// Each part is made safe by itself: a mark never stands inside what is escaped.
function toMarked({ text, marks }: SearchHit, paint: Paint): string {
  let line = '';
  let at = 0;
  for (const { start, end } of marks) {
    line += toPlainLine(text.slice(at, start)) + paint('accent', toPlainLine(text.slice(start, end)));
    at = end;
  }
  return line + toPlainLine(text.slice(at));
}
