import { setTimeout } from 'node:timers/promises';
import { AppError, invariant } from '@baton/protocol';
import type { RunningServer, Settings } from '@baton/server';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { listenForSignals } from '../server/serve-signals.ts';
import { toProgram } from '../server/to-program.ts';
import { createServiceNotifier } from '../service/service-notifier.ts';

interface ServeFlags {
  data?: string;
  port?: string;
  host?: string;
  link: boolean;
  runner: boolean;
}

const HELP = `
Everything else is set from the environment: BATON_DATA, BATON_PORT, BATON_HOST, BATON_OWNER_KEY, BATON_ROOTS
(folders agents may work in; default: your home folder), BATON_LOG_LEVEL.

Agents run in a process of their own, the runner: they go on when the server is killed, and the next "baton serve" takes them
up. "baton restart" restarts the server alone.

Ctrl+C stops both: agents are ended first, within a bound. A second Ctrl+C does not wait for them.

Examples:
  baton serve
  BATON_ROOTS=~/code baton serve --port 8080`;

export function addServe(program: Command, context: Context, run: RunAction): void {
  program
    .command('serve')
    .summary('start the server and print the link to sign in')
    .description('Starts the server and prints the link that signs a browser in.')
    .option('--data <folder>', 'data folder (BATON_DATA)')
    .option('-p, --port <port>', 'port to listen on; 0 takes any free one (BATON_PORT)')
    .option('--host <address>', 'address to listen on (BATON_HOST)')
    .option('--no-link', 'do not print the link to sign in, for output that others may read; "baton open" prints it')
    .option('--no-runner', 'run agents in the process of the server, with which they end')
    .addHelpText('after', HELP)
    .action((flags: ServeFlags) => run(() => serve(context, flags)));
}

async function serve(context: Context, flags: ServeFlags): Promise<number> {
  const { terminal } = context;
  // From before the start on, so that an impatient Ctrl+C still ends cleanly, and a second restart ends nothing.
  const signals = listenForSignals();
  const { endRunners, readSettings, startServer } = await import('@baton/server');
  const settings = readSettings(withFlags(context.env, flags));
  const server = await startServer(settings, flags.runner ? { runner: toProgram('runner') } : {});
  const notifier = createServiceNotifier(context.env);
  greet(context, { flags, settings, server });
  notifier.ready();
  if ((await signals.first) === 'restart') {
    terminal.err('\nRestarting: agents work on.\n');
    await server.stop({ agents: 'leave' });
    // A signal that has come is not known before the event loop looks.
    await setTimeout(1);
    if (!signals.isToldToStop()) return becomeAnew(server.port);
    notifier.stopping();
    terminal.err('\nStopping instead: agents are ended.\n');
    return toCode(context, Promise.race([endRunners(settings.dataDir).then(() => 'stopped' as const), signals.second]));
  }
  notifier.stopping();
  terminal.err('\nStopping: agents are ended first. Ctrl+C again does not wait for them.\n');
  return toCode(context, Promise.race([server.stop().then(() => 'stopped' as const), signals.second]));
}

async function toCode({ terminal }: Context, end: Promise<'stopped' | 'forced'>): Promise<number> {
  if ((await end) === 'stopped') return EXIT.done;
  terminal.err('Stopped at once; what is left of the agents is ended at the next start.\n');
  return EXIT.failed;
}

interface Started {
  flags: ServeFlags;
  settings: Settings;
  server: RunningServer;
}

function greet({ terminal }: Context, { flags, settings, server }: Started): void {
  terminal.out(`\nBaton runs at ${terminal.outPaint('strong', server.url)}\n\n`);
  if (flags.link) terminal.out(`  Sign in   ${terminal.outPaint('accent', server.link)}\n`);
  terminal.out(`  Data      ${settings.dataDir}\n`);
  terminal.out(`  Folders   ${settings.roots.join(', ')}\n\n`);
}

// The same process with the program as it is on the disk now: terminal, pid and service manager do not notice. The same port,
// so that whoever was connected finds it again.
function becomeAnew(port: number): never {
  const args = process.argv.slice(2);
  const isRestarted = args.at(-2) === '--port';
  const [file, ...rest] = toProgram(...(isRestarted ? args.slice(0, -2) : args), '--port', String(port));
  invariant(process.execve !== undefined, 'nobody asks for it where it cannot be done');
  return process.execve(file, [file, ...rest], process.env);
}

function withFlags(env: Context['env'], { data, port, host }: ServeFlags): Context['env'] {
  if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new AppError('invalid-input', `"${port}" is not a port`);
  return {
    ...env,
    ...(data === undefined ? {} : { BATON_DATA: data }),
    ...(port === undefined ? {} : { BATON_PORT: port }),
    ...(host === undefined ? {} : { BATON_HOST: host }),
  };
}
