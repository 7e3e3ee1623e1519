import type { Failure, SessionId } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import type { Receipt } from './engine.ts';
import type { CommandRequest } from './job-queue.ts';

const RETRY_MS = 1000;
const UNWRITTEN: ReadonlySet<string> = new Set(['disk-full', 'store-unavailable']);

interface Actor {
  /** Ends the agent as one that failed; false: there is none. */
  failAgent(failure: Failure): boolean;
  execute(request: CommandRequest): Promise<Receipt>;
}

/**
 * Somebody wants an agent to end, and the log cannot take that down. It may be what fills the disk, so it ends all the same. A
 * stop is written down as soon as that is possible, so that what waits is held, unless somebody asks for the agent before.
 */
export class UnwrittenStop {
  readonly #actor: Actor;
  readonly #options: () => { clock: Clock; sessionId: SessionId };
  #by: string | undefined;

  constructor(actor: Actor, options: () => { clock: Clock; sessionId: SessionId }) {
    this.#actor = actor;
    this.#options = options;
  }

  /** Sees every command with its receipt, and answers with the receipt as it is told. */
  see({ command: { type }, commandId, by }: CommandRequest, receipt: Receipt): Receipt {
    if (receipt.ok && (type === 'session.start' || type === 'turn.start')) this.#by = undefined;
    const ends = type === 'session.stop' || type === 'turn.interrupt';
    if (receipt.ok || !ends || commandId === undefined || !UNWRITTEN.has(receipt.error.kind)) return receipt;
    const { error } = receipt;
    const message = `It was to end, which could not be written down (${error.title}), so its process was ended`;
    if (!this.#actor.failAgent({ kind: error.kind, message })) return receipt;
    if (type === 'session.stop') this.#hold(by);
    return { ok: false, error: { ...error, detail: `${error.detail}. The agent is ended all the same` } };
  }

  #hold(by: string): void {
    const isWaiting = this.#by !== undefined;
    this.#by = by;
    if (!isWaiting) this.#retryLater();
  }

  #retryLater(): void {
    this.#options().clock.after(RETRY_MS, () => void this.#retry());
  }

  async #retry(): Promise<void> {
    const { sessionId } = this.#options();
    if (this.#by === undefined) return;
    const receipt = await this.#actor.execute({ command: { type: 'session.stop', sessionId }, by: this.#by });
    if (!receipt.ok && UNWRITTEN.has(receipt.error.kind)) return this.#retryLater();
    this.#by = undefined;
  }
}
