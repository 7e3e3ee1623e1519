import type { CheckpointDiff, CheckpointId, CheckpointView, SessionId } from '@baton/protocol';
import { createApi, type Api } from '@baton/client';
import { type Command, Option } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { findSession } from '../find-session.ts';
import { toAge } from '../render/duration.ts';
import type { Paint, Tone } from '../render/paint.ts';
import { shorten, toPlainLine, toPlainLines } from '../render/plain-text.ts';
import { resolveId } from '../resolve-id.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface CheckpointFlags extends ServerFlags {
  json?: boolean;
  save?: string | true;
  diff?: string;
  to?: string;
  restore?: string;
  path?: string[];
}

const HELP = `
A restore saves the present first, and says under which checkpoint: restoring that one undoes it.

Examples:
  baton checkpoints 084sn02q
  baton checkpoints 084sn02q --save "Before the big change"
  baton checkpoints 084sn02q --diff chk_01h455vb4pex5vsknk084sn02q | less -R
  baton checkpoints 084sn02q --restore k084sn02q --path src/app.ts`;

export function addCheckpoints(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('checkpoints')
    .summary("list, compare and restore states of a session's files")
    .description("The timeline of a session's working tree, newest first; with an option one of its states.")
    .argument('<id>', 'id of the session, or its beginning or end if no other has the same')
    .option('--json', 'print what the server answers as JSON')
    .addOption(new Option('--save [title]', 'save the files as they are now').conflicts(['diff', 'restore']))
    .addOption(new Option('--diff <checkpoint>', 'what changed since, as a patch').conflicts('restore'))
    .option('--to <checkpoint>', 'with --diff: until this one instead of until now')
    .option('--restore <checkpoint>', 'put the files back')
    .option('--path <path...>', 'with --restore: only these')
    .addHelpText('after', HELP);
  addServerFlags(command).action((id: string, flags: CheckpointFlags) => run(() => act(context, id, flags)));
}

async function act(context: Context, typed: string, flags: CheckpointFlags): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const api = createApi(await requireServer(context, flags));
  const { id } = await findSession({ api }, typed);
  if (flags.save !== undefined) return save(context, { api, id, flags });
  const { items } = await api.call('listCheckpoints', { params: { id } });
  if (flags.diff !== undefined) return diff(context, { api, items, flags, from: flags.diff });
  if (flags.restore !== undefined) return restore(context, { api, items, flags, to: flags.restore });
  return list(context, items, flags);
}

function list({ terminal, now }: Context, items: readonly CheckpointView[], { json }: CheckpointFlags): number {
  if (json === true) terminal.out(toJson(items));
  else if (items.length === 0) terminal.err('No checkpoints yet. One is made around each turn that changes files.\n');
  else for (const each of items.toReversed()) terminal.out(`${toRow(each, now(), terminal.outPaint)}\n`);
  return EXIT.done;
}

function toRow({ id, createdAt, files, trigger, title }: CheckpointView, now: number, paint: Paint): string {
  const facts = `${toAge(createdAt, now).padEnd(10)} ${trigger.padEnd(12)} ${toCount(files).padEnd(9)}`;
  return `${id}  ${paint('quiet', facts)} ${paint('strong', shorten(toPlainLine(title), 60))}`;
}

async function save(
  { terminal }: Context,
  { api, id, flags }: { api: Api; id: SessionId; flags: CheckpointFlags },
): Promise<number> {
  const body = typeof flags.save === 'string' ? { title: flags.save } : {};
  const made = await api.call('createCheckpoint', { params: { id }, body });
  terminal.out(flags.json === true ? toJson(made) : `${made.id}\n`);
  return EXIT.done;
}

interface Listed {
  api: Api;
  items: readonly CheckpointView[];
  flags: CheckpointFlags;
}

async function diff({ terminal }: Context, { api, items, flags, from }: Listed & { from: string }): Promise<number> {
  const to = flags.to === undefined || flags.to === 'now' ? 'now' : find(items, flags.to);
  const found = await api.call('diffCheckpoint', { params: { id: find(items, from) }, query: { to } });
  if (flags.json === true) terminal.out(toJson(found));
  else for (const line of toPatch(found, terminal.outPaint)) terminal.out(`${line}\n`);
  if (found.files.length === 0) terminal.err('Nothing differs.\n');
  if (found.truncated) terminal.err('There is more than is shown here.\n');
  return EXIT.done;
}

const TONES: Readonly<Record<string, Tone>> = { '+': 'good', '-': 'bad', '@': 'accent' };

function toPatch({ files }: CheckpointDiff, paint: Paint): string[] {
  return files.flatMap(({ path, from, change, patch, binary }) => {
    const name = from === undefined ? path : `${from} → ${path}`;
    const head = paint('strong', `${toPlainLine(name)}  (${change}${binary ? ', binary' : ''})`);
    const lines = patch === undefined ? [] : toPlainLines(patch).replace(/\n$/, '').split('\n');
    return [head, ...lines.map((line) => toPainted(line, paint))];
  });
}

function toPainted(line: string, paint: Paint): string {
  const tone = TONES[line.charAt(0)];
  return tone === undefined ? line : paint(tone, line);
}

async function restore({ terminal }: Context, { api, items, flags, to }: Listed & { to: string }): Promise<number> {
  const body = flags.path === undefined ? {} : { paths: flags.path };
  const done = await api.call('restoreCheckpoint', { params: { id: find(items, to) }, body });
  if (flags.json === true) terminal.out(toJson(done));
  else {
    terminal.out(`${done.savedAs}\n`);
    const what = `${toCount(done.files)} put back`;
    terminal.err(`${terminal.errPaint('good', '✓')} ${what}; the state before is kept as ${done.savedAs}\n`);
  }
  return EXIT.done;
}

function find(items: readonly CheckpointView[], typed: string): CheckpointId {
  return resolveId({ name: 'checkpoint of this session' }, typed, items).id;
}

function toCount(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
