import { isAppError, type TaskView } from '@baton/protocol';
import { createApi, type Api } from '@baton/client';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toAge } from '../render/duration.ts';
import type { Paint, Tone } from '../render/paint.ts';
import { shorten, toPlainLine, toPlainLines } from '../render/plain-text.ts';
import { resolveId } from '../resolve-id.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface WatchFlags extends ServerFlags {
  json?: boolean;
}

const ID = 'id of the task, or its beginning or end if no other has the same';

export function addTaskLs(tasks: Command, context: Context, run: RunAction): void {
  const command = tasks
    .command('ls', { isDefault: true })
    .summary('list tasks, newest first')
    .description('Lists tasks, newest first.')
    .option('--json', 'print the tasks as one JSON list')
    .addHelpText('after', '\nExample:\n  baton tasks ls --json | jq -r \'.[] | select(.state == "failed") | .id\'');
  addServerFlags(command).action((flags: WatchFlags) => run(() => listTasks(context, flags)));
}

export function addTaskResult(tasks: Command, context: Context, run: RunAction): void {
  const command = tasks
    .command('result')
    .summary('what a task came to')
    .description(
      "Prints what a task came to: its value as JSON where a schema was asked for, else the agent's last words.",
    )
    .argument('<id>', ID)
    .option('--json', 'print all that is known of the result as JSON')
    .addHelpText('after', '\nExample:\n  baton tasks result 084sn02q | jq .ok');
  addServerFlags(command).action((id: string, flags: WatchFlags) => run(() => showResult(context, id, flags)));
}

export function addTaskCancel(tasks: Command, context: Context, run: RunAction): void {
  const command = tasks
    .command('cancel')
    .summary('give a task up')
    .description('Gives a task up: a running one is ended with its agent; what waits for it fails.')
    .argument('<id>', ID)
    .addHelpText('after', '\nExample:\n  baton tasks cancel 084sn02q');
  addServerFlags(command).action((id: string, flags: WatchFlags) => run(() => cancel(context, id, flags)));
}

async function connect(context: Context, flags: ServerFlags): Promise<Api> {
  const { requireServer } = await import('../server/find-server.ts');
  return createApi(await requireServer(context, flags));
}

/** The task whose id was typed, whole or in part. */
export async function findTask(api: Api, typed: string): Promise<TaskView> {
  try {
    return await api.call('getTask', { params: { id: typed } });
  } catch (error) {
    if (!isAppError(error) || (error.kind !== 'not-found' && error.kind !== 'invalid-input')) throw error;
  }
  const { items } = await api.call('listTasks', { query: { limit: 500 } });
  return resolveId({ name: 'task', listedBy: 'baton tasks' }, typed, items);
}

async function listTasks(context: Context, flags: WatchFlags): Promise<number> {
  const api = await connect(context, flags);
  const items: TaskView[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.call('listTasks', { query: { limit: 500, cursor } });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  const { terminal } = context;
  if (flags.json === true) terminal.out(`${JSON.stringify(items, undefined, 2)}\n`);
  else if (items.length === 0) terminal.err('No tasks yet. Add one with: baton tasks add "..."\n');
  else for (const task of items) terminal.out(`${toRow(task, context.now(), terminal.outPaint)}\n`);
  return EXIT.done;
}

const TONES: Record<TaskView['state'], Tone> = {
  waiting: 'quiet',
  queued: 'quiet',
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'quiet',
};

function toRow({ id, state, createdAt, backend, title, failure }: TaskView, now: number, paint: Paint): string {
  const facts = `${paint(TONES[state], state.padEnd(9))} ${toAge(createdAt, now).padEnd(10)} ${toPlainLine(backend).padEnd(8)}`;
  const why = failure === undefined ? '' : `  ${paint('bad', shorten(toPlainLine(failure.message), 80))}`;
  return `${id}  ${facts} ${paint('strong', shorten(toPlainLine(title), 60))}${why}`;
}

async function showResult(context: Context, typed: string, flags: WatchFlags): Promise<number> {
  const api = await connect(context, flags);
  const task = await findTask(api, typed);
  const { terminal } = context;
  if (task.state === 'failed' && task.failure !== undefined) {
    terminal.err(`${terminal.errPaint('bad', '✗')} ${toPlainLine(task.failure.message)}\n`);
    return EXIT.failed;
  }
  const result = await api.call('getTaskResult', { params: { id: task.id } });
  if (flags.json === true) terminal.out(`${JSON.stringify(result, undefined, 2)}\n`);
  else if (result.value !== undefined) terminal.out(`${JSON.stringify(result.value, undefined, 2)}\n`);
  else terminal.out(`${toPlainLines(result.text).trimEnd()}\n`);
  return EXIT.done;
}

async function cancel(context: Context, typed: string, flags: WatchFlags): Promise<number> {
  const api = await connect(context, flags);
  const { id, title } = await findTask(api, typed);
  await api.call('cancelTask', { params: { id } });
  context.terminal.out(`Cancelled: ${toPlainLine(title)}\n`);
  return EXIT.done;
}
