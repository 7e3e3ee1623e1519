import { AppError } from '@baton/protocol';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { createServiceNotifier } from '../service/service-notifier.ts';

interface ServeFlags {
  data?: string;
  port?: string;
  host?: string;
  link: boolean;
}

const HELP = `
Everything else is set from the environment: BATON_DATA, BATON_PORT, BATON_HOST, BATON_OWNER_KEY, BATON_ROOTS
(folders agents may work in; default: your home folder), BATON_LOG_LEVEL.

Ctrl+C stops it: agents are ended first, within a bound. A second Ctrl+C does not wait for them.

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
    .addHelpText('after', HELP)
    .action((flags: ServeFlags) => run(() => serve(context, flags)));
}

async function serve(context: Context, flags: ServeFlags): Promise<number> {
  const { terminal } = context;
  const { readSettings, startServer } = await import('@baton/server');
  const settings = readSettings(withFlags(context.env, flags));
  // From before the start on, so that an impatient Ctrl+C still ends cleanly.
  const signals = listenForSignals();
  const server = await startServer(settings);
  terminal.out(`\nBaton runs at ${terminal.outPaint('strong', server.url)}\n\n`);
  if (flags.link) terminal.out(`  Sign in   ${terminal.outPaint('accent', server.link)}\n`);
  terminal.out(`  Data      ${settings.dataDir}\n`);
  terminal.out(`  Folders   ${settings.roots.join(', ')}\n\n`);
  const notifier = createServiceNotifier(context.env);
  notifier.ready();
  await signals.first;
  notifier.stopping();
  terminal.err('\nStopping: agents are ended first. Ctrl+C again does not wait for them.\n');
  const end = await Promise.race([server.stop().then(() => 'stopped' as const), signals.second]);
  if (end === 'stopped') return EXIT.done;
  terminal.err('Stopped at once; what is left of the agents is ended at the next start.\n');
  return EXIT.failed;
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

/** What comes within this time is the same signal by another way: terminal, npm and launcher all pass it on. */
const SAME_SIGNAL_MS = 1000;

function listenForSignals(): { first: Promise<void>; second: Promise<'forced'> } {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<'forced'>();
  let firstAt: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      firstAt ??= performance.now();
      first.resolve();
      if (performance.now() - firstAt > SAME_SIGNAL_MS) second.resolve('forced');
    });
  }
  return { first: first.promise, second: second.promise };
}
