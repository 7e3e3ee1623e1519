import { setTimeout as sleep } from 'node:timers/promises';
import { toAppError } from '@baton/protocol';
import type { AppServer } from './app-server.ts';
import type { Listener } from './listener.ts';
import type { Conversation } from './conversation.ts';
import type { CodexState } from './state.ts';

const QUIET_MS = 2000;
const BEGIN_MS = 500;
const UNLOAD_MS = 1000;
const BEGIN_PAUSE_MS = 25;
const BEGIN_TRIES = 80;

/** Commands of the conversation's own thread that run in the open turn. */
export function toOpenCommands({ threadId, tools }: CodexState): { threadId: string; processId: string }[] {
  return Object.values(tools).flatMap((tool) =>
    tool.threadId === threadId && tool.processId !== undefined ? [{ threadId, processId: tool.processId }] : [],
  );
}

/**
 * Interrupts a turn with all it began. `turn/interrupt` alone ends neither commands nor subagents, and Codex answers before
 * they are gone: this waits, within bounds, until it has told of their ends. Answers with the threads of the subagents, whose
 * commands Codex may have been about to start.
 */
export async function cutTurn(
  conversation: Conversation,
  request: AppServer['request'],
  /** Whether Codex has told of the turn's end meanwhile. */
  isOver: () => boolean,
): Promise<string[]> {
  const { turn, threadId, reviewing } = conversation.state;
  if (turn === undefined) return [];
  if (turn.isPrompted || turn.nativeId !== undefined)
    await interruptBegun(() => interruptTurn(request, threadId, reviewing?.reviewer ?? turn.nativeId ?? ''), isOver);
  const commands = toOpenCommands(conversation.state);
  const ended = commands.map((command) => request('thread/backgroundTerminals/terminate', command));
  const [threads] = await Promise.all([cutAgents(conversation, request), ...ended]);
  // Of the commands of a reviewer that was interrupted Codex says nothing any more, nor does it end them.
  const hasEnded = (state: CodexState) => reviewing !== undefined || toOpenCommands(state).length === 0;
  const isQuiet = (state: CodexState) =>
    hasEnded(state) && threads.every((thread) => state.agents[thread]?.turn === undefined);
  await isSettled(conversation.until(isQuiet), QUIET_MS);
  for (const child of threads)
    await request('thread/backgroundTerminals/clean', { threadId: child }).catch(() => undefined);
  return threads;
}

// One that was only just sent out begins a moment later, and may have sent out others.
async function cutAgents(conversation: Conversation, request: AppServer['request']): Promise<string[]> {
  const cut = new Map<string, string>();
  for (;;) {
    const working = toWorking(conversation.state).filter(([, turn]) => !cut.has(turn));
    for (const [thread, turn] of working) cut.set(turn, thread);
    await Promise.all(working.map(([thread, turn]) => interruptTurn(request, thread, turn)));
    if (!isAnyAboutToBegin(conversation.state)) break;
    const hasBegun = conversation.until((state) => toWorking(state).some(([, turn]) => !cut.has(turn)));
    if (!(await isSettled(hasBegun, BEGIN_MS))) break;
  }
  return [...new Set(cut.values())];
}

/** Threads of subagents with their turns. */
function toWorking({ agents }: CodexState): [string, string][] {
  return Object.entries(agents).flatMap(([thread, { turn }]): [string, string][] =>
    turn === undefined ? [] : [[thread, turn]],
  );
}

// The call that began one ends with its turn.
const isAnyAboutToBegin = ({ agents, tools }: CodexState): boolean =>
  Object.values(tools).some(({ agent }) => agent !== undefined && agents[agent]?.turn === undefined);

// Codex answers that it takes a turn before it has begun it, and knows of none to interrupt in between.
async function interruptBegun(interrupt: () => Promise<boolean>, isOver: () => boolean): Promise<void> {
  for (let tries = 0; tries < BEGIN_TRIES; tries += 1) {
    if ((await interrupt()) || isOver()) return;
    await sleep(BEGIN_PAUSE_MS);
    if (isOver()) return;
  }
}

// It may be over by itself, or by another, before Codex hears of it; or have gone over into one of another name. False: there is none.
async function interruptTurn(request: AppServer['request'], threadId: string, turnId: string): Promise<boolean> {
  const interrupt = (id: string) => request('turn/interrupt', { threadId, turnId: id }).then(() => true);
  return interrupt(turnId).catch((error: unknown) => {
    const { message } = toAppError(error);
    if (/no active turn/i.test(message)) return false;
    const [, other] = /but found `?([\w-]+)/i.exec(message) ?? [];
    if (other === undefined) throw error;
    return interrupt(other);
  });
}

/** Ends what the threads of a session run, and has them put away: with a thread its MCP servers end. */
export async function endThreads(
  server: AppServer,
  session: Listener,
  main: { threadId: string; closed: Promise<void> },
): Promise<void> {
  const { threadId, closed } = main;
  const others = server.threadsOf(session).filter((thread) => thread !== threadId);
  for (const thread of threadId === '' ? others : [...others, threadId]) {
    await server.request('thread/backgroundTerminals/clean', { threadId: thread }).catch(() => undefined);
    await server.request('thread/unsubscribe', { threadId: thread }).catch(() => undefined);
  }
  if (threadId === '' || (await isSettled(closed, UNLOAD_MS))) return;
  // Somebody else is in it, too, with Codex's own program. Nothing but putting it into the archive ends it for them.
  await server.request('thread/archive', { threadId }).catch(() => undefined);
  await server.request('thread/unarchive', { threadId }).catch(() => undefined);
  await isSettled(closed, UNLOAD_MS);
}

/** Whether something is done well within a time. Never rejects. */
export function isSettled(promise: Promise<void>, withinMs: number): Promise<boolean> {
  const done = promise.then(
    () => true,
    () => false,
  );
  return Promise.race([done, sleep(withinMs, false, { ref: false })]);
}
