import { type AgentProcess, type ProcessExit, type WarmThing } from '@baton/runner';
import { AppError, parseJson } from '@baton/protocol';
import { type ControlChannel, createControlChannel } from './control.ts';
import { killUnused } from './kill-unused.ts';
import { type ProcessEars, type Recipe, launchClaude } from './launch-claude.ts';
import type { Conversation } from './launch.ts';
import type { ClaudeSettings } from './settings.ts';
import { type Initialized, initializedSchema, parseMessage } from './wire.ts';

/** A Claude Code that has started and said what it offers, in a conversation of its own or one that sleeps, and waits for a session. */
export interface WarmClaude extends WarmThing {
  readonly process: AgentProcess;
  readonly nativeId: string;
  readonly initialized: Initialized;
  /** Of what it read when it started. */
  readonly fingerprint: string;
  /** Whether it is alive and answers; only before `hear`. */
  answers(): Promise<boolean>;
  /** From now on these hear of it; what it said meanwhile comes first. */
  hear(ears: ProcessEars): void;
}

export interface WarmStart {
  recipe: Recipe;
  conversation: Conversation;
  /** Of what it is about to read. */
  look(): Promise<string>;
}

/** Rejects when it does not become ready, and leaves nothing behind. */
export async function startWarmClaude(
  { recipe, conversation, look }: WarmStart,
  settings: ClaudeSettings,
  signal: AbortSignal,
): Promise<WarmClaude> {
  const { clock, bounds } = settings;
  const nativeId = conversation.id;
  const fingerprint = await look();
  signal.throwIfAborted();
  const mailbox = createMailbox();
  const process = await launchClaude({
    recipe,
    settings,
    conversation,
    ears: mailbox.ears,
  });
  const channel = createControlChannel({ write: (line) => process.write(JSON.stringify(line)), clock });
  const gone = new AppError('agent-exited', 'Claude Code ended while it waited for a session');
  void mailbox.exited.then(() => channel.close(gone));
  const giveUp = () => channel.close(gone);
  signal.addEventListener('abort', giveUp, { once: true });
  // Since it started its user may have had something run at its end, where it read nothing of the kind before.
  const end = async () => {
    const isSame = (await look().catch(() => undefined)) === fingerprint;
    await (isSame ? process.stop(async () => process.closeInput()) : killUnused(process, recipe.env));
  };
  try {
    mailbox.listenFor(channel);
    const answer = await channel.request('initialize', { forwardSubagentText: true }, bounds.readyMs);
    const known = { process, nativeId, fingerprint, initialized: initializedSchema.parse(answer ?? {}) };
    const answers = () => doesAnswer(channel);
    return { ...known, pid: process.pid, answers, hear: mailbox.forward, ended: mailbox.exited, end };
  } catch (error) {
    await end();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

const ANSWER_MS = 2000;

function doesAnswer(channel: ControlChannel): Promise<boolean> {
  return channel.request('get_settings', {}, ANSWER_MS).then(
    () => true,
    () => false,
  );
}

/** Keeps what a process says until somebody hears it. */
function createMailbox() {
  const kept: ((ears: ProcessEars) => void | Promise<void>)[] = [];
  const exited = Promise.withResolvers<ProcessExit>();
  let listener: ProcessEars | undefined;
  let channel: ControlChannel | undefined;

  function deliver(letter: (ears: ProcessEars) => void | Promise<void>): void | Promise<void> {
    if (listener !== undefined) return letter(listener);
    kept.push(letter);
    return undefined;
  }

  const ears: ProcessEars = {
    onLine(line) {
      if (listener === undefined && settle(line)) return undefined;
      return deliver((to) => to.onLine(line));
    },
    onOverlongLine: (bytes) => void deliver((to) => to.onOverlongLine(bytes)),
    onStderrLine: (text) => void deliver((to) => to.onStderrLine(text)),
    onExit(exit) {
      exited.resolve(exit);
      void deliver((to) => to.onExit(exit));
    },
  };

  // Answers to what was asked before anybody listens are for us.
  function settle(line: string): boolean {
    const parsed = parseJson(line);
    const message = parsed.ok ? parseMessage(parsed.value) : undefined;
    if (message?.type !== 'control_response') return false;
    channel?.settle(message.response);
    return true;
  }

  return {
    ears,
    exited: exited.promise,
    listenFor(answersTo: ControlChannel): void {
      channel = answersTo;
    },
    forward(to: ProcessEars): void {
      listener = to;
      for (const letter of kept.splice(0)) void letter(to);
    },
  };
}
