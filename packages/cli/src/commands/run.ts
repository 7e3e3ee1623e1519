import { AppError, createId, type BackendView, type SessionId, type TurnId } from '@baton/protocol';
import type { Link } from '@baton/client';
import { Option, type Command } from 'commander';
import { APPROVE_POLICIES, type ApprovePolicy } from '../ask/ask-policy.ts';
import { resolve } from 'node:path';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { followSession, type SessionFollow, type TurnOutcome } from '../follow-session.ts';
import { takeInterrupts } from '../interrupts.ts';
import { addServerFlags } from '../server/server-flags.ts';
import type { BorrowedServer } from '../server/borrow-server.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { findSession } from '../find-session.ts';
import { openLink, rejectWhenSignedOut } from '../server/open-link.ts';

interface RunFlags extends ServerFlags {
  session?: string;
  backend?: string;
  cwd?: string;
  model?: string;
  mode?: string;
  title?: string;
  json?: boolean;
  keep?: boolean;
  approve: ApprovePolicy;
}

const HELP = `
The agent's words go to standard output, everything else to standard error.
Ctrl+C interrupts the turn; a second one leaves the session to itself.

Exit codes: 0 completed, 1 failed, 2 wrong usage, 3 interrupted, 4 something was asked that nobody could answer,
5 no connection to the server, 130 left with Ctrl+C.

Examples:
  baton run "Explain this repository"
  baton run --backend claude --mode plan "How would you split main.ts?"
  git diff | baton run --approve deny "Review the diff on standard input" -
  baton run -s ses_01h455vb4pex5vsknk084sn02q "Now fix it"
  baton run --json "Run the tests" | jq -r .event.type`;

export function addRun(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('run')
    .summary('run one prompt and stream what the agent does')
    .description('Starts a session in a folder, runs one prompt in it, and streams what the agent does.')
    .argument('[prompt...]', 'what the agent is to do; "-" or nothing reads standard input')
    .option('-b, --backend <id>', 'which agent; default: the first that is ready')
    .option('-s, --session <id>', 'go on in this session instead of starting one')
    .option('-C, --cwd <folder>', 'where it works; default: this folder')
    .option('-m, --model <id>', "which model; default: the agent's own")
    .option('--mode <id>', 'permission mode, such as "plan"')
    .option('--title <text>', 'name of the session')
    .option('--json', 'print events as JSON, one per line')
    .option('--keep', 'leave the agent running when the turn has ended')
    .addOption(
      new Option('--approve <policy>', 'who answers approvals: you, or a policy for when nobody is there')
        .choices(APPROVE_POLICIES)
        .default('ask'),
    )
    .addHelpText('after', HELP);
  addServerFlags(command).action((words: string[], flags: RunFlags) => run(() => runPrompt(context, words, flags)));
}

async function runPrompt(context: Context, words: readonly string[], flags: RunFlags): Promise<number> {
  const prompt = await readPrompt(context, words);
  const cwd = resolve(context.cwd, flags.cwd ?? '.');
  const { borrowServer } = await import('../server/borrow-server.ts');
  const server = await borrowServer({ ...context, cwd }, flags);
  try {
    if (server.isOwn && flags.json !== true) {
      context.terminal.err(
        context.terminal.errPaint('quiet', '· No server is running; one was started for this run\n'),
      );
    }
    return await runOn(context, server, { ...flags, cwd, prompt });
  } finally {
    await server.release();
  }
}

// Words and piped input belong together: "review this" - with a diff on standard input.
async function readPrompt({ terminal }: Context, words: readonly string[]): Promise<string> {
  const wantsInput = words.length === 0 || words.includes('-');
  const typed = words.filter((word) => word !== '-').join(' ');
  const piped = wantsInput ? await terminal.readInput() : undefined;
  const prompt = [typed, piped ?? ''].filter((part) => part.trim() !== '').join('\n\n');
  if (prompt === '')
    throw new AppError('invalid-input', 'Cannot run: the prompt is empty. Give it in quotes or pipe it in');
  return prompt;
}

async function runOn(
  context: Context,
  server: BorrowedServer,
  flags: RunFlags & { cwd: string; prompt: string },
): Promise<number> {
  const link = await openLink(server);
  try {
    const started = await startTurn(context, link, flags);
    const follow = followSession({
      link,
      terminal: context.terminal,
      sessionId: started.sessionId,
      json: flags.json === true,
      approve: flags.approve,
      ownTurn: started.turnId,
    });
    const outcome = await waitForTurn(context, { link, follow, ...started });
    follow.stop();
    if (outcome === 'detached') return detach(context, server, started.sessionId);
    if (flags.keep !== true && flags.session === undefined)
      await link.send({ type: 'session.stop', sessionId: started.sessionId });
    return toExit(outcome);
  } finally {
    link.close();
  }
}

async function startTurn(context: Context, link: Link, flags: RunFlags & { cwd: string; prompt: string }) {
  const turnId = createId('turn');
  const sessionId = flags.session === undefined ? createId('session') : (await findSession(link, flags.session)).id;
  const command =
    flags.session === undefined
      ? await toCreate(context, link, flags)
      : ({ type: 'turn.start', input: flags.prompt } as const);
  await Promise.race([link.send({ ...command, sessionId, turnId }), rejectWhenSignedOut(link)]);
  return { sessionId, turnId };
}

async function toCreate(context: Context, link: Link, flags: RunFlags & { cwd: string; prompt: string }) {
  const { model, mode, title, cwd, prompt } = flags;
  const backend = flags.backend ?? (await pickBackend(context, link)).id;
  const chosen = { ...(model && { model }), ...(mode && { mode }), ...(title && { title }) };
  return { type: 'session.create', backend, cwd, prompt, ...chosen } as const;
}

async function pickBackend({ terminal }: Context, { api }: Link): Promise<BackendView> {
  const { items } = await api.call('listBackends');
  const usable = items.filter(({ installed }) => installed);
  const ready = usable.find(({ authenticated, problem }) => authenticated !== 'no' && problem === undefined);
  const picked = ready ?? usable.find(({ problem }) => problem === undefined);
  if (picked?.rehearsal === true) {
    const what = '· No model is set up: a rehearsal answers, from a script. "baton doctor" says what is missing';
    terminal.err(`${terminal.errPaint('ask', what)}\n`);
  }
  if (picked !== undefined) return picked;
  const problems = items.map(({ title, problem }) => `${title}: ${problem ?? 'not installed'}`).join('; ');
  throw new AppError('backend-not-installed', `Cannot run: no agent is ready. ${problems}. See "baton doctor"`);
}

interface Running {
  link: Link;
  follow: SessionFollow;
  sessionId: SessionId;
  turnId: TurnId;
}

async function waitForTurn(context: Context, { link, follow, sessionId, turnId }: Running) {
  const interrupts = takeInterrupts(context.terminal, () => {
    context.terminal.err(context.terminal.errPaint('quiet', '\n· Interrupting; Ctrl+C again leaves\n'));
    link.send({ type: 'turn.interrupt', sessionId }).catch(() => {});
    return true;
  });
  try {
    return await Promise.race([follow.turnEnd(turnId), interrupts.detached, rejectWhenSignedOut(link)]);
  } finally {
    interrupts.stop();
  }
}

function detach({ terminal }: Context, server: BorrowedServer, sessionId: SessionId): number {
  const what = server.isOwn ? 'The agent is ended' : `The session goes on; see it with "baton attach ${sessionId}"`;
  terminal.err(terminal.errPaint('quiet', `· ${what}\n`));
  return EXIT.detached;
}

function toExit({ outcome, unanswered }: TurnOutcome): number {
  if (unanswered) return EXIT.needsAnswer;
  switch (outcome) {
    case 'completed':
      return EXIT.done;
    case 'interrupted':
      return EXIT.interrupted;
    case 'failed':
      return EXIT.failed;
  }
}
