import type { AgentReport, OpenOptions } from '@baton/core';
import type { Failure } from '@baton/protocol';
import { type LimitWatch, createLimitWatch } from '../agent/limit-watch.ts';
import { toTranslationContext } from '../agent/translation-context.ts';
import { type Watchdog, createWatchdog } from '../agent/watchdog.ts';
import { toHangFailure, toQuietNotice } from './exit-failure.ts';
import { toLimit } from './failure.ts';
import { MODES } from './modes.ts';
import { toReady } from './news.ts';
import type { CodexSettings } from './settings.ts';
import { type CodexState, type Step, type Translation, createState } from './state.ts';
import type { Notice } from './wire.ts';

/** What a session knows and says: its state, the reports that come of its changes, and the patience with a silent model. */
export class Conversation {
  readonly #options: OpenOptions;
  readonly #settings: CodexSettings;
  readonly #watchdog: Watchdog;
  readonly #limit: LimitWatch;
  #state: CodexState;
  #hasOffered = false;
  #hasEnded = false;
  readonly #waiting = new Set<{ fits(state: CodexState): boolean; resolve(): void }>();

  constructor(options: OpenOptions, settings: CodexSettings, onStuck: (failure: Failure) => void) {
    this.#options = options;
    this.#settings = settings;
    this.#state = createState({ cwd: options.cwd, threadId: '' });
    const { clock, bounds } = settings;
    this.#watchdog = createWatchdog({
      clock,
      noticeMs: bounds.quietMs,
      hangMs: bounds.hangMs,
      isWaiting: () => this.#waitsForModel(),
      onQuiet: (silentMs) => this.tell('warning', toQuietNotice(silentMs)),
      onHang: (silentMs) => onStuck(toHangFailure(silentMs)),
    });
    this.#limit = createLimitWatch({ clock, limitMs: bounds.limitMs, onLimit: onStuck });
  }

  get state(): CodexState {
    return this.#state;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  change(change: Partial<CodexState>): void {
    this.#state = { ...this.#state, ...change };
  }

  /** Somebody adds to the turn. */
  noteSteered(): void {
    const { turn } = this.#state;
    if (turn !== undefined) this.change({ turn: { ...turn, isSteered: true } });
  }

  /** Changes the state and reports what came of it. The returned promise is the engine's: wait before reading on. */
  apply(work: (state: CodexState, context: Step['context']) => Translation): void | Promise<void> {
    const context = toTranslationContext(this.#settings.clock);
    const before = this.#state;
    const { state, reports } = work(before, context);
    this.#state = state;
    for (const one of this.#waiting) if (one.fits(state) && this.#waiting.delete(one)) one.resolve();
    if (state.turn === undefined) this.#watchdog.stop();
    else if (before.turn === undefined) this.#watchdog.start();
    const news = this.#hasOffered && state.offer !== before.offer ? [toReady(state, [...MODES])] : [];
    const waits = [...reports, ...news].map((report) => this.report(report)).filter((wait) => wait instanceof Promise);
    return waits.at(-1);
  }

  /** Says what the agent offers; from now on again whenever that changes. */
  offer(offer: Partial<CodexState['offer']>): void {
    this.change({ offer: { ...this.#state.offer, ...offer } });
    this.#hasOffered = true;
    void this.report(toReady(this.#state, [...MODES]));
  }

  // After the end nothing is said any more.
  report(report: AgentReport): void | Promise<void> {
    return this.#hasEnded ? undefined : this.#options.report(report);
  }

  tell(level: 'info' | 'warning', text: string): void {
    void this.report({ type: 'notice.raised', level, text });
  }

  touch(): void {
    this.#watchdog.touch();
  }

  see(notice: Notice): void {
    this.#limit.see(notice.method === 'error' && notice.params.willRetry ? toLimit(notice.params.error) : undefined);
  }

  /** Resolves when the state fits. */
  until(fits: (state: CodexState) => boolean): Promise<void> {
    if (fits(this.#state)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.add({ fits, resolve }));
  }

  /** The last report, once. */
  end(exit: { code: number | null; signal: string | null; expected: boolean; failure?: Failure | undefined }): void {
    if (this.#hasEnded) return;
    this.#watchdog.stop();
    this.#limit.stop();
    const { failure, ...how } = exit;
    void this.report({ type: 'agent.exited', ...how, ...(exit.expected || failure === undefined ? {} : { failure }) });
    this.#hasEnded = true;
  }

  #waitsForModel(): boolean {
    const { turn, prompts, tools } = this.#state;
    return turn !== undefined && prompts.length === 0 && Object.values(tools).every((tool) => tool.agent !== undefined);
  }
}
