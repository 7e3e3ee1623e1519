import { readFile } from 'node:fs/promises';
import { AppError, parseJson, type TaskId } from '@baton/protocol';
import { createApi, type Api } from '@baton/client';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toPlainLine } from '../render/plain-text.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';
import { findTask } from './task-watch.ts';

interface AddFlags extends ServerFlags {
  title?: string;
  backend?: string;
  cwd?: string;
  model?: string;
  mode?: string;
  priority: string;
  after?: string[];
  retries: string;
  schema?: string;
}

const HELP = `
Prints the id of the task. --schema takes a file with a JSON Schema that the result has to follow.

Examples:
  baton tasks add "Sum up the log of last week"
  baton tasks add "Write it up" --after 084sn02q --priority 10
  baton tasks add "Are all tests green?" --schema answer.schema.json --retries 2`;

export function addTaskAdd(tasks: Command, context: Context, run: RunAction): void {
  const command = tasks
    .command('add')
    .summary('have an agent do something in the background')
    .description('Has an agent do something in the background, in a session of its own.')
    .argument('<prompt>', 'what it has to do')
    .option('--title <title>', 'default: the first line of the prompt')
    .option('-b, --backend <agent>', 'which agent; default: the first that can start')
    .option('-C, --cwd <folder>', 'where it works; default: here')
    .option('-m, --model <model>', 'model of the agent')
    .option('--mode <mode>', 'mode of the agent')
    .option('--priority <number>', 'from -100 to 100; higher goes first', '0')
    .option('--after <task...>', 'tasks that have to succeed before')
    .option('--retries <number>', 'how often it is tried again after a failure', '0')
    .option('--schema <file>', 'JSON Schema that the result has to follow')
    .addHelpText('after', HELP);
  addServerFlags(command).action((prompt: string, flags: AddFlags) => run(() => addTask(context, prompt, flags)));
}

async function addTask(context: Context, prompt: string, flags: AddFlags): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const api = createApi(await requireServer(context, flags));
  const schema = flags.schema === undefined ? {} : { schema: await readSchema(flags.schema) };
  const after: TaskId[] = [];
  for (const typed of flags.after ?? []) after.push((await findTask(api, typed)).id);
  const made = await api.call('createTask', {
    body: {
      title: flags.title ?? toTitle(prompt),
      prompt,
      backend: flags.backend ?? (await findBackend(api)),
      cwd: flags.cwd ?? context.cwd,
      ...(flags.model === undefined ? {} : { model: flags.model }),
      ...(flags.mode === undefined ? {} : { mode: flags.mode }),
      priority: toNumber('--priority', flags.priority),
      retries: toNumber('--retries', flags.retries),
      after,
      ...schema,
    },
  });
  context.terminal.out(`${made.id}\n`);
  context.terminal.err(`${context.terminal.errPaint('good', '✓')} ${made.state}: ${toPlainLine(made.title)}\n`);
  return EXIT.done;
}

function toTitle(prompt: string): string {
  return (prompt.trim().split('\n')[0] ?? '').slice(0, 300);
}

async function findBackend(api: Api): Promise<string> {
  const { items } = await api.call('listBackends');
  const ready = items.find(({ installed, problem }) => installed && problem === undefined);
  if (ready !== undefined) return ready.id;
  throw new AppError('backend-not-installed', 'No agent can start. "baton doctor" says what is missing');
}

function toNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value)) return value;
  throw new AppError('invalid-input', `${flag} takes a whole number, not "${toPlainLine(text)}"`);
}

async function readSchema(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError(
      'invalid-input',
      `Cannot read the schema "${toPlainLine(path)}": the file is not there`,
      {},
      { cause },
    );
  });
  const parsed = parseJson(text);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value)) {
    throw new AppError('invalid-input', `"${toPlainLine(path)}" is no JSON Schema: it has to be a JSON object`);
  }
  return { ...parsed.value };
}
