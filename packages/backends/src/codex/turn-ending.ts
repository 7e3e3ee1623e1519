import type { Clock } from '@baton/core';
import type { Conversation } from './conversation.ts';
import { cutTurn } from './end-work.ts';
import { translate } from './translate.ts';
import { settleTurn } from './turn-end.ts';
import { TurnTail } from './turn-tail.ts';
import type { Notice } from './wire.ts';

type TurnCompleted = Extract<Notice, { method: 'turn/completed' }>;

export interface TurnEndingOptions {
  conversation: Conversation;
  clock: Clock;
  request(method: string, params: unknown): Promise<unknown>;
  /** Ends the processes of the session that have this in their environment. */
  endProcesses(variable: string): Promise<void>;
  /** What commands that were cut off leave in the folder goes. */
  clean(): void;
}

/**
 * When a turn is over. On an interrupt Codex ends neither its commands nor its subagents: not before those are gone. A command
 * that Codex did not wait for may be told of after the end: see `TurnTail`.
 */
export class TurnEnding {
  readonly #options: TurnEndingOptions;
  /** While what the turn had begun is being ended, its end waits. */
  #cutting: { end: TurnCompleted | undefined } | undefined;
  #done: Promise<void> = Promise.resolve();
  readonly #tail: TurnTail;

  constructor(options: TurnEndingOptions) {
    this.#options = options;
    this.#tail = new TurnTail(options.conversation, options.clock);
  }

  get isCutting(): boolean {
    return this.#cutting !== undefined;
  }

  /** Resolves when a cut that is under way is over. */
  get done(): Promise<void> {
    return this.#done;
  }

  /** Keeps the end of the turn for later. False: it is over. */
  hold(end: TurnCompleted): boolean {
    if (this.#cutting === undefined) return this.#tail.hold(end);
    this.#cutting.end = end;
    return true;
  }

  /** To be called after every notice. */
  look(): void {
    this.#tail.look();
  }

  /** Does not wait for commands any longer that began late. */
  hurry(): void {
    this.#tail.release();
  }

  /** Resolves when the turn has ended with all it had begun; rejects with what Codex says against it. */
  async cut(): Promise<void> {
    const cut = this.#cut();
    this.#done = cut.catch(() => undefined);
    await cut;
  }

  async #cut(): Promise<void> {
    const { conversation, request, endProcesses, clean } = this.#options;
    const { turn, tools } = conversation.state;
    // Also those whose process Codex has not told of yet.
    const commands = Object.values(tools).map((tool) => tool.foreignId);
    this.#cutting = { end: undefined };
    try {
      const threads = await cutTurn(conversation, request, () => this.#cutting?.end !== undefined);
      // What they had started may die a moment later, or not at all.
      for (const command of commands) await endProcesses(`CODEX_TOOL_CALL_ID=${command}`);
      for (const thread of threads) await endProcesses(`CODEX_THREAD_ID=${thread}`);
      clean();
    } finally {
      const { end } = this.#cutting;
      this.#cutting = undefined;
      if (end !== undefined) void conversation.apply((state, context) => translate(state, end, context));
      else if (turn?.isPrompted === false && turn.nativeId === undefined)
        void conversation.apply((state, context) => settleTurn(state, { outcome: 'interrupted' }, context));
    }
  }
}
