import type { Listener } from './listener.ts';
import { type Message, type Notice, isConversationEnd } from './wire.ts';

const MAX_HELD = 500;

/** Whose word is whose, in a process that several sessions speak to: each has its thread, and the threads of its subagents. */
export class Routes {
  readonly #hand: (message: Message, session: Listener) => void | Promise<void>;
  /** Whose a thread is. */
  readonly #owners = new Map<string, Listener>();
  /** Whose a turn is, by which the first word of a subagent finds its session. */
  readonly #turns = new Map<string, Listener>();
  /** What was said of threads whose session is not known yet. */
  #held: Message[] = [];

  constructor(hand: (message: Message, session: Listener) => void | Promise<void>) {
    this.#hand = hand;
  }

  /** From now on a thread is this session's; what was held of it is handed over. */
  add(threadId: string, session: Listener): void {
    this.#owners.set(threadId, session);
    const mine = this.#held.filter((message) => toThread(message) === threadId);
    this.#forget(threadId);
    for (const message of mine) void this.#hand(message, session);
  }

  /** The session that a message is for, if any is. What tells of a subagent's thread makes that one its session's, too. */
  find(message: Message): Listener | undefined {
    const threadId = toThread(message);
    if (threadId === undefined) return undefined;
    const known = this.#owners.get(threadId);
    if (message.type !== 'notice') return known;
    const { notice } = message;
    const root = notice.method === 'turn/started' ? (notice.params.turn.rootTurnId ?? '') : '';
    const owner = known ?? this.#turns.get(root);
    if (owner === undefined) return undefined;
    if (known === undefined) this.add(threadId, owner);
    if (notice.method === 'turn/started') this.#turns.set(notice.params.turn.id, owner);
    for (const child of toChildren(notice)) if (!this.#owners.has(child)) this.add(child, owner);
    return owner;
  }

  /** Keeps a message until its thread has a session; of too many, the oldest go. What has been unloaded begins anew. */
  hold(message: Message): void {
    if (message.type === 'notice' && isConversationEnd(message.notice)) return this.#forget(toThread(message));
    if (this.#held.push(message) > MAX_HELD) this.#held.shift();
  }

  #forget(threadId: string | undefined): void {
    this.#held = this.#held.filter((message) => toThread(message) !== threadId);
  }

  threadsOf(session: Listener): string[] {
    return [...this.#owners].filter(([, owner]) => owner === session).map(([threadId]) => threadId);
  }

  remove(session: Listener): void {
    for (const map of [this.#owners, this.#turns])
      for (const [key, owner] of map) if (owner === session) map.delete(key);
  }
}

/** The thread that a message is about; undefined when it is about none. */
export function toThread(message: Message): string | undefined {
  if (message.type === 'answer') return undefined;
  if (message.type !== 'notice') return message.threadId;
  return 'threadId' in message.notice.params ? (message.notice.params.threadId ?? undefined) : undefined;
}

// Subagents are threads that are announced only by the call that began them.
function toChildren(notice: Notice): string[] {
  if (notice.method !== 'item/started' && notice.method !== 'item/completed') return [];
  const { item } = notice.params;
  if (item.type === 'subAgentActivity') return [item.agentThreadId];
  return item.type === 'collabAgentToolCall' ? item.receiverThreadIds : [];
}
