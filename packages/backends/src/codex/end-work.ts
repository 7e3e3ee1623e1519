import { setTimeout as sleep } from 'node:timers/promises';
import type { AppServer, Listener } from './app-server.ts';
import type { CodexState } from './state.ts';

const QUIET_MS = 2000;
const UNLOAD_MS = 1000;

/** Commands of the conversation's own thread that run in the open turn. */
export function toOpenCommands({ threadId, tools }: CodexState): { threadId: string; processId: string }[] {
  return Object.values(tools).flatMap((tool) =>
    tool.threadId === threadId && tool.processId !== undefined ? [{ threadId, processId: tool.processId }] : [],
  );
}

/**
 * Interrupts a turn with all it began. `turn/interrupt` alone ends neither commands nor subagents, and Codex answers before
 * a command is gone; `untilQuiet` resolves when it has told of their ends.
 */
export async function cutTurn(
  state: CodexState,
  request: (method: string, params: unknown) => Promise<unknown>,
  untilQuiet: () => Promise<void>,
): Promise<void> {
  const { turn, threadId, agents, reviewing } = state;
  if (turn === undefined) return;
  if (turn.isPrompted || turn.nativeId !== undefined)
    await request('turn/interrupt', { threadId, turnId: reviewing?.reviewer ?? turn.nativeId ?? '' });
  const working = Object.entries(agents).filter(([, agent]) => agent.turn !== undefined);
  await Promise.all([
    ...working.map(([child, agent]) => request('turn/interrupt', { threadId: child, turnId: agent.turn })),
    ...working.map(([child]) => request('thread/backgroundTerminals/clean', { threadId: child })),
    ...toOpenCommands(state).map((command) => request('thread/backgroundTerminals/terminate', command)),
  ]);
  await Promise.race([untilQuiet(), sleep(QUIET_MS, undefined, { ref: false })]);
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
