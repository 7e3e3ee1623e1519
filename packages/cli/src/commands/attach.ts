import { isAppError, type SessionId } from '@baton/protocol';
import type { Link } from '@baton/client';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { findSession } from '../find-session.ts';
import { followSession, type SessionFollow } from '../follow-session.ts';
import { takeInterrupts } from '../interrupts.ts';
import { toPlainLine } from '../render/plain-text.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { openLink, rejectWhenSignedOut } from '../server/open-link.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface AttachFlags extends ServerFlags {
  json?: boolean;
}

const HELP = `
Shows the session from its beginning and goes on live; what the agent asks can be answered there.
When piped, it ends as soon as no turn is running, with the outcome of the last turn as exit code.

Ctrl+C interrupts a running turn; when none runs, or the second time, it leaves. The session goes on.

Examples:
  baton attach ses_01h455vb4pex5vsknk084sn02q
  baton attach 084sn02q --json > log.jsonl`;

export function addAttach(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('attach')
    .summary('show a session and follow it')
    .description('Shows a session and follows it.')
    .argument('<id>', 'id of the session, or its beginning or end if no other has the same')
    .option('--json', 'print events as JSON, one per line')
    .addHelpText('after', HELP);
  addServerFlags(command).action((id: string, flags: AttachFlags) => run(() => attach(context, id, flags)));
}

async function attach(context: Context, typed: string, flags: AttachFlags): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const link = await openLink(await requireServer(context, flags));
  try {
    const { id: sessionId } = await findSession(link, typed);
    const { terminal } = context;
    const approve = 'ask';
    // Nobody is at a pipe: what is asked stays open for whoever can answer it.
    const watching = { ...terminal, canAsk: terminal.canAsk && flags.json !== true };
    const follow = followSession({
      link,
      terminal: watching,
      sessionId,
      json: flags.json === true,
      approve,
      onlyWatch: !watching.canAsk,
    });
    const code = await watchSession(context, { link, follow, sessionId, isLive: watching.canAsk });
    follow.stop();
    return code;
  } finally {
    link.close();
  }
}

interface Watched {
  link: Link;
  follow: SessionFollow;
  sessionId: SessionId;
  /** Goes on when the turn has ended. */
  isLive: boolean;
}

async function watchSession({ terminal }: Context, { link, follow, sessionId, isLive }: Watched): Promise<number> {
  const interrupts = takeInterrupts(terminal, () => {
    if (follow.runningTurn === undefined) return false;
    terminal.err(terminal.errPaint('quiet', '\n· Interrupting; Ctrl+C again leaves\n'));
    link.send({ type: 'turn.interrupt', sessionId }).catch((error: unknown) => {
      if (isAppError(error)) terminal.err(`· ${toPlainLine(error.message)}\n`);
    });
    return true;
  });
  try {
    const signedOut = rejectWhenSignedOut(link);
    const shown = await Promise.race([follow.caughtUp(), interrupts.detached, signedOut]);
    if (shown === 'detached') return EXIT.detached;
    if (isLive) return await Promise.race([interrupts.detached.then(() => EXIT.done), signedOut]);
    const running = follow.runningTurn;
    const ended = running === undefined ? undefined : follow.turnEnd(running);
    const last = await Promise.race([ended, interrupts.detached, signedOut]);
    if (last === 'detached') return EXIT.detached;
    return toExit(follow);
  } finally {
    interrupts.stop();
  }
}

function toExit({ lastOutcome }: SessionFollow): number {
  if (lastOutcome === 'failed') return EXIT.failed;
  return lastOutcome === 'interrupted' ? EXIT.interrupted : EXIT.done;
}
