import { isAppError, type TurnId } from '@baton/protocol';
import type { TranslateContext } from '../agent/step.ts';
import type { OpencodeApi } from './api.ts';
import { applyMessages, applySnapshot, readMessages, readSnapshot } from './recover.ts';
import type { OpencodeSettings } from './settings.ts';
import type { OpencodeState, Translation, TurnState } from './state.ts';
import { type Look, isInDoubt, isStored, isUnderWay } from './turn.ts';
import type { NativeEvent } from './wire.ts';

export interface CatchUpParts {
  settings: Pick<OpencodeSettings, 'clock' | 'bounds'>;
  cwd: string;
  /** Undefined while there is no server. */
  api(): OpencodeApi | undefined;
  read(): OpencodeState;
  apply(work: (state: OpencodeState, context: TranslateContext) => Translation): void;
  take(event: NativeEvent): void | Promise<void>;
  abort(): Promise<void>;
}

/** Reads what was missed, or what is in doubt; what comes meanwhile waits, so that nothing old follows something new. */
export class CatchUp {
  readonly #parts: CatchUpParts;
  /** Events may have been missed. */
  #hasGap = false;
  /** Events that wait while what was missed is read. */
  #waiting: NativeEvent[] | undefined;
  /** Since when OpenCode was found not to have begun a prompt. */
  #unbegun: { turnId: TurnId; since: number } | undefined;
  /** The turn whose prompt was stored at the look before, and so is begun by the next one, if at all. */
  #stored: TurnId | undefined;
  #cancelDoubt: (() => void) | undefined;
  #isOver = false;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  hear(event: NativeEvent): void | Promise<void> {
    if (this.#waiting === undefined) return this.#parts.take(event);
    this.#waiting.push(event);
    return undefined;
  }

  noteGap(): void {
    this.#hasGap = true;
    void this.#run({ hasWaited: false });
  }

  /** To be called when it begins or ceases to be in doubt whether the turn runs. */
  watch(): void {
    this.#cancelDoubt?.();
    this.#cancelDoubt = undefined;
    if (this.#isOver || !(this.#hasGap || isInDoubt(this.#parts.read()))) return;
    const { clock, bounds } = this.#parts.settings;
    const hasWaited = !this.#hasGap;
    this.#cancelDoubt = clock.after(bounds.settleMs, () => void this.#run({ hasWaited }));
  }

  /** From here on it asks for nothing new; an answer that is on its way changes nothing. */
  stop(): void {
    this.#isOver = true;
    this.#cancelDoubt?.();
  }

  async #run({ hasWaited }: Pick<Look, 'hasWaited'>): Promise<void> {
    const api = this.#parts.api();
    if (api === undefined || this.#waiting !== undefined || this.#isOver) return;
    this.#waiting = [];
    try {
      this.#hasGap = false;
      await this.#readMissed(api, hasWaited);
      while (this.#hasGap && !this.#isOver) {
        this.#hasGap = false;
        await this.#readMissed(api, false);
      }
    } catch (error) {
      if (!isAppError(error)) throw error;
      // The server does not answer now, or has gone, which its exit tells.
      this.#hasGap = true;
    } finally {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      for (const event of waiting) void this.#parts.take(event);
      this.watch();
    }
  }

  // The first prompt of a folder waits until OpenCode has its providers, seconds on a slow machine. It is nowhere to be seen
  // then, or stored a moment after OpenCode was asked what it does. What is stored an abort ends also in the moment before
  // OpenCode says that it is busy, which it then never does.
  #isDue({ turnId, wasBusy, isInterrupting }: TurnState, wasStored: boolean): boolean {
    if (wasBusy || (isInterrupting && this.#stored === turnId)) return true;
    if (wasStored) this.#stored = turnId;
    const { clock, bounds } = this.#parts.settings;
    const now = clock.now();
    if (this.#unbegun?.turnId !== turnId) this.#unbegun = { turnId, since: now };
    return now - this.#unbegun.since >= bounds.readyMs;
  }

  async #readMissed(api: OpencodeApi, hasWaited: boolean): Promise<void> {
    const { cwd, read, apply, abort } = this.#parts;
    const { nativeId, turn } = read();
    if (turn === undefined) return;
    const wasStored = isStored(read());
    if (turn.isInterrupting && wasStored && !turn.wasBusy) await abort();
    const snapshot = await readSnapshot(api, nativeId, cwd);
    const isOver = () => this.#isOver || read().turn?.turnId !== turn.turnId;
    if (isOver()) return;
    // The calls first, which tell whose the subagents are; the end last, because it closes all that is open.
    apply((state, context) => applyMessages(state, snapshot.messages, context));
    for (const childId of Object.keys(read().children)) {
      const messages = await readMessages(api, childId, cwd);
      apply((state, context) => applyMessages(state, messages, context));
    }
    if (isOver()) return;
    // As it was before OpenCode was asked.
    const look = { hadBegun: isUnderWay(turn), hasWaited: this.#isDue(turn, wasStored) && hasWaited };
    apply((state, context) => applySnapshot(state, { ...snapshot, look }, context));
    if (turn.isInterrupting && snapshot.status.type !== 'idle') await abort();
  }
}
