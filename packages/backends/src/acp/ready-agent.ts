import type { ProcessExit, WarmThing } from '@baton/runner';
import { AppError, createId, parseJson } from '@baton/protocol';
import { initialize } from './initialize.ts';
import { type ProcessEars, type StartedAgent, startAgent } from './launch.ts';
import { type RpcChannel, RpcRefusal, createRpcChannel } from './rpc.ts';
import type { AcpSettings } from './settings.ts';
import { type Initialized, parseIncoming } from './wire.ts';

/** What an agent is started with. */
export interface AgentRecipe {
  cwd: string;
  env: Readonly<Record<string, string>>;
}

/** An agent that has started and shaken hands, and waits for a session. It has no conversation yet. */
export interface ReadyAgent extends WarmThing, StartedAgent {
  readonly initialized: Initialized;
  /** Whether it is alive and answers; only before `hear`. */
  answers(): Promise<boolean>;
  /** From now on these hear of it; what it said meanwhile comes first. */
  hear(ears: ProcessEars): void;
}

/** What it may say before anybody listens; one that says more is none to be kept. */
const MAX_LETTERS = 1000;
const MAX_CHARS = 4 * 1024 * 1024;
const ANSWER_MS = 500;

/** Rejects when it does not become ready, and leaves nothing behind. */
export async function startReadyAgent(
  settings: AcpSettings,
  { cwd, env }: AgentRecipe,
  signal: AbortSignal,
): Promise<ReadyAgent> {
  const { definition, clock } = settings;
  const mailbox = createMailbox();
  const options = { cwd, sessionId: createId('session') };
  const isWanted = () => !signal.aborted;
  const started = await startAgent({ settings, options, env, ears: mailbox.ears, isWanted });
  if (started === undefined) throw toGone(definition.title);
  const { process } = started;
  const end = () => process.stop(async () => process.closeInput());
  const rpc = createRpcChannel({
    ...{ title: definition.title, clock },
    write: (message) => process.write(JSON.stringify(message)),
    hear: () => undefined,
  });
  const giveUp = () => rpc.close(toGone(definition.title));
  signal.addEventListener('abort', giveUp, { once: true });
  void mailbox.exited.then(giveUp);
  mailbox.onAnswer = (line) => rpc.take(line);
  mailbox.onFull = () => void end();
  try {
    const initialized = await initialize(rpc, settings, () => '');
    const answers = createCheck(rpc, mailbox);
    return { ...started, initialized, answers, pid: process.pid, ended: mailbox.exited, hear: mailbox.forward, end };
  } catch (error) {
    await end();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function toGone(title: string): AppError {
  return new AppError('agent-exited', `${title} ended while it waited for a session`);
}

// Whoever asks while it is asked waits for the same answer: one that came later would be heard by the session that took it.
function createCheck(rpc: RpcChannel, mailbox: { isFull: boolean }): () => Promise<boolean> {
  let asking: Promise<boolean> | undefined;
  return async () => {
    asking ??= doesAnswer(rpc).finally(() => {
      asking = undefined;
    });
    return (await asking) && !mailbox.isFull;
  };
}

// What it is asked it does not know, and says so.
function doesAnswer(rpc: RpcChannel): Promise<boolean> {
  return rpc.request({ method: '_baton/ping', params: {} }, { timeoutMs: ANSWER_MS }).then(
    () => true,
    (error: unknown) => error instanceof RpcRefusal,
  );
}

type Letter = (ears: ProcessEars) => void | Promise<void>;
type Answer = Extract<ReturnType<typeof parseIncoming>, { type: 'response' }>;

/**
 * Keeps what a process says until somebody hears it, and then tells it in order, what comes meanwhile last. Answers before that
 * are to what was asked of it to make it ready.
 */
function createMailbox() {
  const kept: Letter[] = [];
  const exited = Promise.withResolvers<ProcessExit>();
  let listener: ProcessEars | undefined;
  let chars = 0;
  /** Until all that was kept has been heard. */
  let handing: Promise<void> | undefined;

  function deliver(letter: Letter, size: number): void | Promise<void> {
    const to = listener;
    if (to === undefined) return keep(letter, size);
    if (handing === undefined) return letter(to);
    return hand(to, [letter], handing);
  }

  function keep(letter: Letter, size: number): void {
    if (mailbox.isFull) return;
    kept.push(letter);
    chars += size;
    if (kept.length < MAX_LETTERS && chars < MAX_CHARS) return;
    mailbox.isFull = true;
    mailbox.onFull();
  }

  async function handAll(to: ProcessEars, letters: readonly Letter[], before: Promise<void>): Promise<void> {
    await before;
    for (const letter of letters) await letter(to);
  }

  function hand(to: ProcessEars, letters: readonly Letter[], before: Promise<void>): Promise<void> {
    const handed = handAll(to, letters, before);
    handing = handed;
    const settle = () => {
      if (handing === handed) handing = undefined;
    };
    // Whoever reads on hears of it when it fails.
    handed.then(settle, () => {});
    return handed;
  }

  const mailbox = {
    isFull: false,
    onAnswer: (_: Answer): void | Promise<void> => undefined,
    onFull: (): void => undefined,
    exited: exited.promise,
    ears: {
      onLine(line: string) {
        const answer = listener === undefined ? toAnswer(line) : undefined;
        return answer === undefined ? deliver((to) => to.onLine(line), line.length) : mailbox.onAnswer(answer);
      },
      onOverlongLine: (bytes: number) => void deliver((to) => to.onOverlongLine(bytes), 0),
      onOverflow: (head: string) => void deliver((to) => to.onOverflow(head), head.length),
      onStderrLine: (text: string) => void deliver((to) => to.onStderrLine(text), text.length),
      onExit(exit: ProcessExit) {
        exited.resolve(exit);
        mailbox.isFull = false;
        void deliver((to) => to.onExit(exit), 0);
      },
    },
    forward(to: ProcessEars): void {
      listener = to;
      if (kept.length > 0) void hand(to, kept.splice(0), Promise.resolve());
    },
  };
  return mailbox;
}

function toAnswer(line: string): Answer | undefined {
  const parsed = parseJson(line);
  const message = parsed.ok ? parseIncoming(parsed.value) : undefined;
  return message?.type === 'response' ? message : undefined;
}
