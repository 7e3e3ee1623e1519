import type { OpenOptions, Prompt, PromptHold } from '@baton/core';
import type { TurnId } from '@baton/protocol';
import { isNotWritten } from '@baton/runner';

/** The prompt that a session was given last: held until the agent can take it, or an interrupt comes first. */
export class HeldPrompt implements PromptHold {
  readonly #noteHeard: OpenOptions['noteHeard'];
  #held: Prompt | undefined;
  #unheard: TurnId | undefined;

  constructor({ noteHeard }: Pick<OpenOptions, 'noteHeard'>) {
    this.#noteHeard = noteHeard;
  }

  get unheard(): TurnId | undefined {
    return this.#unheard;
  }

  /** What waits for the agent. */
  get waiting(): Prompt | undefined {
    return this.#held;
  }

  hold(prompt: Prompt): void {
    this.#held = prompt;
    this.#unheard = prompt.turnId;
  }

  /**
   * The agent can take it, and may have heard it from now on, should this process die. False: an interrupt came first, and the
   * turn has ended. Throws when that cannot be written down: it must not go out.
   */
  take(prompt: Prompt): boolean {
    if (this.#held !== prompt) return false;
    this.#held = undefined;
    try {
      this.#noteHeard?.(prompt.turnId);
    } catch (cause) {
      // Refused at once: no end of the agent is waited for.
      this.#unheard = undefined;
      throw cause;
    }
    return true;
  }

  /** An interrupt came first: the turn that ends with it; undefined when nothing is held. */
  drop(): TurnId | undefined {
    const turnId = this.#held?.turnId;
    this.#held = undefined;
    return turnId;
  }

  /** What was taken goes out: it counts as heard from now on. */
  hand(): void {
    this.#unheard = undefined;
  }

  /** As `hand`, for what can tell when nothing of it went out. */
  async send<T>({ turnId }: Prompt, write: () => Promise<T>): Promise<T> {
    this.hand();
    try {
      return await write();
    } catch (error) {
      if (isNotWritten(error)) this.#takeBack(turnId);
      throw error;
    }
  }

  #takeBack(turnId: TurnId): void {
    this.#unheard = turnId;
    try {
      this.#noteHeard?.(null);
    } catch {
      // It counts as heard then, should this process die too.
    }
  }
}
