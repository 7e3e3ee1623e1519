import type { AgentTest, BackendView } from '@baton/protocol';
import { AppError, configuredAgentSchema, toInvalidInput } from '@baton/protocol';
import { createApi, type Api } from '@baton/client';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import type { Paint } from '../render/paint.ts';
import { toPlainLine } from '../render/plain-text.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

/** A real program plays a whole turn, or npm fetches one. */
const LONG_MS = 120_000;
const LOOK_MS = 250;

const HELP = `
Work with and without a running server. What is added is kept in agents.json of the data folder.

Examples:
  baton agents ls
  baton agents install claude
  baton agents add --title Goose --env GOOSE_KEY goose goose acp
  baton agents test goose`;

/** `baton agents …`: what is there, what mends it, and agents of one's own. */
export function addAgents(program: Command, context: Context, run: RunAction): void {
  const agents = program
    .command('agents')
    .summary('list, add, remove, test and install agents')
    .description('Lists agents, adds and removes ACP agents of your own, tests and installs them.')
    .addHelpText('after', HELP);
  const act = (flags: ServerFlags, action: (api: Api) => Promise<number>) =>
    run(() => withServer(context, flags, action));
  addServerFlags(agents.command('ls').description('Lists agents with their faults and mends.'))
    .option('--json', 'print them as one JSON list')
    .option('-a, --all', 'those that could be installed too')
    .action((flags: ListFlags) => act(flags, (api) => listAgents(context, flags, api)));
  const add = addServerFlags(
    agents.command('add <id> <command> [args...]').description('Adds a program that speaks ACP.'),
  )
    .option('--title <title>', 'what it is called; default: its id')
    .option('--icon <mark>', 'one or two letters')
    .option('--env <name>', 'a variable for it: NAME=value, or NAME to take it from here', collect, [])
    // What comes after the id is the agent's own.
    .passThroughOptions();
  add.action(() => {
    const [id = '', command = '', ...args] = add.args;
    const flags = add.opts<AddFlags>();
    return act(flags, (api) => addAgent(context, { id, command, args, flags }, api));
  });
  addServerFlags(agents.command('rm <id>').description('Removes an agent that was added.')).action(
    (id: string, flags: ServerFlags) => act(flags, (api) => removeAgent(context, id, api)),
  );
  addServerFlags(agents.command('test <id>').description('One turn of the real program against a scripted model.'))
    .option('--json', 'print the outcome as JSON')
    .action((id: string, flags: ListFlags) => act(flags, (api) => testAgent(context, { id, flags }, api)));
  addServerFlags(agents.command('install <id>').description('Installs or updates an agent with npm, for Baton alone.'))
    .option('--latest', 'the newest version instead of the one Baton is tested with')
    .action((id: string, flags: InstallFlags) => act(flags, (api) => installAgent(context, { id, flags }, api)));
}

interface ListFlags extends ServerFlags {
  json?: boolean;
  all?: boolean;
}
interface AddFlags extends ServerFlags {
  title?: string;
  icon?: string;
  env: string[];
}
interface InstallFlags extends ServerFlags {
  latest?: boolean;
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

async function withServer(
  context: Context,
  flags: ServerFlags,
  action: (api: Api) => Promise<number>,
): Promise<number> {
  const { borrowServer } = await import('../server/borrow-server.ts');
  const server = await borrowServer(context, flags);
  try {
    return await action(createApi({ url: server.url, key: server.key, timeoutMs: LONG_MS }));
  } finally {
    await server.release();
  }
}

async function listAgents({ terminal }: Context, flags: ListFlags, api: Api): Promise<number> {
  const [{ items }, { problem }] = await Promise.all([
    api.call('listBackends', { query: { refresh: 'true' } }),
    api.call('listAgents'),
  ]);
  const shown = flags.all === true ? items : items.filter(({ kind, installed }) => kind !== 'preset' || installed);
  if (flags.json === true) terminal.out(`${JSON.stringify(shown, undefined, 2)}\n`);
  else for (const view of shown) terminal.out(`${toLines(view, terminal.outPaint).join('\n')}\n`);
  if (problem !== undefined) terminal.err(`${terminal.errPaint('bad', '✗')} ${toPlainLine(problem)}\n`);
  return EXIT.done;
}

/** One line for an agent, and two for each of its faults. */
export function toLines({ id, title, version, path, installed, faults = [] }: BackendView, paint: Paint): string[] {
  const mark = faults.length === 0 ? paint('good', '✓') : paint('ask', '!');
  const found = installed ? [version, path].filter((part) => part !== undefined).join('  ') : 'not installed';
  return [
    `${mark} ${toPlainLine(id).padEnd(14)} ${toPlainLine(title).padEnd(20)} ${paint('quiet', toPlainLine(found))}`,
    ...faults.flatMap(({ what, mend }) => [
      `  ${''.padEnd(14)} ${toPlainLine(what)}`,
      `  ${''.padEnd(14)} ${paint('quiet', `→ ${toPlainLine(mend)}`)}`,
    ]),
  ];
}

interface NewAgent {
  id: string;
  command: string;
  args: string[];
  flags: AddFlags;
}

async function addAgent(context: Context, { id, command, args, flags }: NewAgent, api: Api): Promise<number> {
  if (command.startsWith('-')) {
    const example = `baton agents add ${command} … ${id} <command>`;
    throw new AppError('invalid-input', `"${command}" is no program: options go before the id, as in "${example}"`);
  }
  const env = Object.fromEntries(flags.env.map((given) => toVariable(given, context.env)));
  const parsed = configuredAgentSchema.safeParse({
    ...{ id, title: flags.title ?? id, command, args },
    ...(flags.icon === undefined ? {} : { icon: flags.icon }),
    ...(flags.env.length === 0 ? {} : { env }),
  });
  if (!parsed.success) throw toInvalidInput('the agent', parsed.error);
  await api.call('createAgent', { body: parsed.data });
  const { items } = await api.call('listBackends');
  const view = items.find((each) => each.id === id);
  context.terminal.out(`Added. Try it with: baton agents test ${id}\n`);
  if (view !== undefined) context.terminal.out(`${toLines(view, context.terminal.outPaint).join('\n')}\n`);
  return EXIT.done;
}

// A value on the command line can be seen by others; a name alone takes it from where nobody sees it.
function toVariable(given: string, env: Context['env']): [string, string] {
  const [name = '', ...rest] = given.split('=');
  if (rest.length > 0) return [name, rest.join('=')];
  const value = env[name];
  if (value !== undefined) return [name, value];
  throw new AppError('invalid-input', `There is no variable ${name} here: set it, or give it as ${name}=value`);
}

async function removeAgent({ terminal }: Context, id: string, api: Api): Promise<number> {
  await api.call('deleteAgent', { params: { id } });
  terminal.out('Removed. Its sessions stay and can be read.\n');
  return EXIT.done;
}

interface OneAgent<F> {
  id: string;
  flags: F;
}

async function testAgent({ terminal }: Context, { id, flags }: OneAgent<ListFlags>, api: Api): Promise<number> {
  const result = await api.call('testBackend', { params: { id } });
  if (flags.json === true) terminal.out(`${JSON.stringify(result, undefined, 2)}\n`);
  else for (const line of toOutcome(result, terminal.outPaint)) terminal.out(`${line}\n`);
  return result.ok ? EXIT.done : EXIT.failed;
}

function toOutcome({ ok, ms, said = '', failure }: AgentTest, paint: Paint): string[] {
  if (ok) return [`${paint('good', '✓')} It answered in ${(ms / 1000).toFixed(1)} s: ${toPlainLine(said)}`];
  const { message = 'It failed', lines = [] } = failure ?? {};
  return [
    `${paint('bad', '✗')} ${toPlainLine(message)}`,
    ...lines.map((line) => `  ${paint('quiet', toPlainLine(line))}`),
  ];
}

async function installAgent({ terminal }: Context, { id, flags }: OneAgent<InstallFlags>, api: Api): Promise<number> {
  const version = flags.latest === true ? 'latest' : 'tested';
  let state = await api.call('installBackend', { params: { id }, body: { version } });
  for (let after = 0; ; after = state.seq) {
    state = await api.call('getInstall', { params: { id }, query: { after } });
    for (const line of state.lines) terminal.out(`  ${terminal.outPaint('quiet', toPlainLine(line))}\n`);
    if (state.state !== 'running') break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  if (state.state === 'succeeded') return EXIT.done;
  terminal.err(
    `${terminal.errPaint('bad', '✗')} ${toPlainLine(state.failure ?? `The installation was ${state.state}`)}\n`,
  );
  return EXIT.failed;
}
