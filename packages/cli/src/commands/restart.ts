import { setTimeout as wait } from 'node:timers/promises';
import { createApi } from '@baton/client';
import { AppError } from '@baton/protocol';
import { readServerFile, type ServerFile } from '@baton/server';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { readDataDir } from '../server/find-server.ts';
import { canRestart, RESTART_SIGNAL } from '../server/restart-signal.ts';

/** A server stops within its own bound and starts in a second or two. */
const RESTART_MS = 60_000;
const LOOK_MS = 50;

const HELP = `
Agents work on meanwhile, in the runner, and whoever is connected comes back by itself. The server is then the program that is
installed now: this is how to upgrade without losing work. Agents that were begun before the upgrade stay in the runner they
were begun in until they end; new ones start in a new one.

A server that was started with --no-runner ends its agents.`;

export function addRestart(program: Command, context: Context, run: RunAction): void {
  program
    .command('restart')
    .summary('restart the server and leave its agents at work')
    .description('Restarts the server that runs on the data folder, and leaves its agents at work.')
    .option('--data <folder>', 'data folder of the server (BATON_DATA)')
    .addHelpText('after', HELP)
    .action((flags: { data?: string }) => run(() => restart(context, flags)));
}

async function restart(context: Context, flags: { data?: string }): Promise<number> {
  const dataDir = readDataDir(context, flags);
  const before = readServerFile(dataDir);
  if (!canRestart()) {
    throw new AppError(
      'invalid-input',
      'Cannot restart here: this system has no such signal. Stop the server and start it again',
    );
  }
  if (before === undefined || !(await isThere(before)) || !signal(before.pid)) {
    const message = `Cannot restart: no Baton server runs on the data folder "${dataDir}". Start one with "baton serve"`;
    throw new AppError('server-unreachable', message);
  }
  const after = await whenBack(dataDir, before);
  context.terminal.out(`Baton runs again at ${after.url}, version ${after.version}\n`);
  return EXIT.done;
}

// By the file of a server that was killed, another process would get the signal, and end.
async function isThere({ url }: ServerFile): Promise<boolean> {
  try {
    await createApi({ url, timeoutMs: 5000 }).call('getHealth');
    return true;
  } catch {
    return false;
  }
}

function signal(pid: number): boolean {
  try {
    return process.kill(pid, RESTART_SIGNAL);
  } catch {
    return false;
  }
}

async function whenBack(dataDir: string, before: ServerFile): Promise<ServerFile> {
  const until = performance.now() + RESTART_MS;
  while (performance.now() < until) {
    await wait(LOOK_MS);
    const now = readServerFile(dataDir);
    if (now === undefined || now.startedAt === before.startedAt) continue;
    await createApi({ url: now.url, timeoutMs: 5000 }).call('getHealth');
    return now;
  }
  const message = `The server with pid ${before.pid} did not come back within ${RESTART_MS / 1000} s: see the logs in "${dataDir}"`;
  throw new AppError('server-unreachable', message);
}
