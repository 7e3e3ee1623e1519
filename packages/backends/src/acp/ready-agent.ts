import type { WarmThing } from '@baton/runner';
import { AppError, createId } from '@baton/protocol';
import { type AheadConversation, createAheadConversation } from './ahead-conversation.ts';
import { initialize } from './initialize.ts';
import { type ProcessEars, type StartedAgent, startAgent } from './launch.ts';
import { Mailbox } from './mailbox.ts';
import { type RpcChannel, RpcRefusal, createRpcChannel } from './rpc.ts';
import type { AcpSettings } from './settings.ts';
import type { Initialized } from './wire.ts';

/** What an agent is started with. */
export interface AgentRecipe {
  cwd: string;
  env: Readonly<Record<string, string>>;
}

/** An agent that has started and shaken hands, and waits for a session. */
export interface ReadyAgent extends WarmThing, StartedAgent {
  readonly initialized: Initialized;
  /** To be begun and closed only before `hear`. */
  readonly ahead: AheadConversation;
  /** Whether it is alive and answers; only before `hear`. */
  answers(): Promise<boolean>;
  /** From now on these hear of it; what it said meanwhile comes first. */
  hear(ears: ProcessEars): void;
}

const ANSWER_MS = 500;

/** Rejects when it does not become ready, and leaves nothing behind. */
export async function startReadyAgent(
  settings: AcpSettings,
  { cwd, env }: AgentRecipe,
  signal: AbortSignal,
): Promise<ReadyAgent> {
  const { definition, clock } = settings;
  const mailbox = new Mailbox();
  const options = { cwd, sessionId: createId('session') };
  const isWanted = () => !signal.aborted;
  const started = await startAgent({ settings, options, env, ears: mailbox.ears, isWanted });
  if (started === undefined) throw toGone(definition.title);
  const { process } = started;
  const end = () => process.stop(async () => process.closeInput());
  const rpc = createRpcChannel({
    ...{ title: definition.title, clock },
    write: (line) => process.write(line),
    hear: () => undefined,
  });
  const giveUp = () => rpc.close(toGone(definition.title));
  signal.addEventListener('abort', giveUp, { once: true });
  void mailbox.exited.then(giveUp);
  mailbox.onAnswer = (answer) => rpc.take(answer);
  mailbox.onFull = () => void end();
  try {
    const initialized = await initialize(rpc, settings, () => '');
    const answers = createCheck(rpc, mailbox);
    const ahead = createAheadConversation({ rpc, settings, cwd, initialized, mark: () => mailbox.mark() });
    const hear = (ears: ProcessEars) => mailbox.forward(ears);
    return { ...started, initialized, ahead, answers, pid: process.pid, ended: mailbox.exited, hear, end };
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
