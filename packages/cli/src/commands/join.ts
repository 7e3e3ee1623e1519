import { spawn } from 'node:child_process';
import { createApi, toShellWords } from '@baton/client';
import { AppError } from '@baton/protocol';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { findSession } from '../find-session.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface JoinFlags extends ServerFlags {
  print?: boolean;
}

const HELP = `
The conversation stays in Baton: what is said in the agent's own program appears there, and the other way round. Works
with Codex, on the machine where the agent runs. To follow any other agent from a terminal: baton attach.

Examples:
  baton join 084sn02q
  eval "$(baton join 084sn02q --print)"`;

export function addJoin(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('join')
    .summary("go into a session with the agent's own terminal program")
    .description("Opens the agent's own terminal program in the conversation of a session.")
    .argument('<id>', 'id of the session, or its beginning or end if no other has the same')
    .option('--print', 'print the command instead of starting it')
    .addHelpText('after', HELP);
  addServerFlags(command).action((id: string, flags: JoinFlags) => run(() => join(context, id, flags)));
}

async function join(context: Context, typed: string, flags: JoinFlags): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const api = createApi(await requireServer(context, flags));
  const { id, join: words, cwd } = await findSession({ api }, typed);
  if (words === undefined) throw toRefusal(id);
  if (flags.print === true) {
    context.terminal.out(`${toShellWords(words)}\n`);
    return EXIT.done;
  }
  return start(words, cwd);
}

function toRefusal(id: string): AppError {
  const why = 'its agent has no way in now. One that has it has it while it runs, from the end of its first turn on';
  return new AppError(
    'capability-missing',
    `Cannot join the session ${id}: ${why}. Follow it with: baton attach ${id}`,
  );
}

function start([program = '', ...args]: readonly string[], cwd: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(program, args, { cwd, stdio: 'inherit' });
  child.once('error', (cause) => {
    const todo = 'run this on the machine of the agent, with its program on PATH';
    reject(new AppError('backend-not-installed', `Cannot start "${program}" in "${cwd}": ${cause.message}; ${todo}`));
  });
  child.once('exit', (code) => resolve(code ?? EXIT.failed));
  return promise;
}
