import type { Clock } from '@baton/core';
import type { Conversation } from './conversation.ts';
import type { CodexState } from './state.ts';
import { translate } from './translate.ts';
import type { Notice } from './wire.ts';

type TurnCompleted = Extract<Notice, { method: 'turn/completed' }>;

/** From the end of a turn to the start of a command that it did not wait for it is some 20 to 70 ms. */
const START_MS = 5000;
/** How long one that has started may take to be told of as it went, instead of as one that runs on. */
const QUICK_MS = 500;

/**
 * Commands that begin after their turn. When somebody adds to the turn, Codex waits no longer for a command that was just
 * allowed: it runs all the same, and Codex tells so when the turn is over. The end of the turn waits for that a little, so
 * that it is not taken for one of those that Codex never tells the end of.
 */
export class TurnTail {
  readonly #conversation: Conversation;
  readonly #clock: Clock;
  #held: { end: TurnCompleted; missing: readonly string[] } | undefined;
  #hasStarted = false;
  #cancel: () => void = () => undefined;

  constructor(conversation: Conversation, clock: Clock) {
    this.#conversation = conversation;
    this.#clock = clock;
  }

  /** Keeps the end of the turn while word of a command is missing. False: of none is. */
  hold(end: TurnCompleted): boolean {
    const missing = end.params.turn.status === 'completed' ? toUnstarted(this.#conversation.state) : [];
    if (missing.length === 0) return false;
    this.#held = { end, missing };
    this.#hasStarted = false;
    this.#cancel = this.#clock.after(START_MS, () => this.release());
    return true;
  }

  /** To be called after every notice. */
  look(): void {
    if (this.#held === undefined) return;
    const { tools } = this.#conversation.state;
    const open = this.#held.missing.flatMap((key) => tools[key] ?? []);
    if (open.length === 0) return this.release();
    if (this.#hasStarted || open.some((tool) => tool.processId === undefined)) return;
    this.#hasStarted = true;
    this.#cancel();
    this.#cancel = this.#clock.after(QUICK_MS, () => this.release());
  }

  /** Ends the turn now, if its end is kept. */
  release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#cancel();
    void this.#conversation.apply((state, context) => translate(state, held.end, context));
  }
}

function toUnstarted({ threadId, turn, tools }: CodexState): string[] {
  if (turn?.isSteered !== true) return [];
  return Object.entries(tools).flatMap(([key, tool]) =>
    tool.threadId === threadId && tool.item.kind === 'execute' && tool.processId === undefined ? [key] : [],
  );
}
