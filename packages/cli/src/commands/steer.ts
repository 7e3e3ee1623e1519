import { isAppError } from '@baton/protocol';
import { createApi } from '@baton/client';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { findSession } from '../find-session.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface SteerFlags extends ServerFlags {
  onlyRunning?: boolean;
}

const HELP = `
The agent reads it as soon as it can, without starting anew. When no turn runs any more, it becomes the next prompt.

Examples:
  baton steer 084sn02q "Leave the tests alone"
  baton steer 084sn02q --only-running "Hurry up"`;

export function addSteer(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('steer')
    .summary('add to the turn that runs')
    .description('Adds to the running turn of a session.')
    .argument('<id>', 'id of the session, or its beginning or end if no other has the same')
    .argument('<text>', 'what to tell the agent')
    .option('--only-running', 'fail when no turn runs, instead of starting one')
    .addHelpText('after', HELP);
  addServerFlags(command).action((id: string, text: string, flags: SteerFlags) =>
    run(() => steer(context, { id, text }, flags)),
  );
}

async function steer(context: Context, typed: { id: string; text: string }, flags: SteerFlags): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const api = createApi(await requireServer(context, flags));
  const { id } = await findSession({ api }, typed.id);
  const { terminal } = context;
  try {
    await api.call('steerTurn', { params: { id }, body: { input: typed.text } });
    terminal.err(`${terminal.errPaint('good', '✓')} Sent into the running turn\n`);
  } catch (error) {
    if (!isAppError(error) || error.kind !== 'turn-not-running' || flags.onlyRunning === true) throw error;
    const turn = await api.call('startTurn', { params: { id }, body: { input: typed.text } });
    const how = turn.state === 'queued' ? 'queued as the next prompt' : 'sent as a prompt of its own';
    terminal.err(`${terminal.errPaint('good', '✓')} No turn took it any more: ${how}\n`);
  }
  return EXIT.done;
}
