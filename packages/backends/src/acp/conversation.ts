import type { AgentReport } from '@baton/core';
import type { Failure } from '@baton/protocol';
import { type LimitWatch, createLimitWatch } from '../agent/limit-watch.ts';
import type { TranslateContext } from '../agent/step.ts';
import { toTranslationContext } from '../agent/translation-context.ts';
import { type Watchdog, createWatchdog } from '../agent/watchdog.ts';
import { withdrawPrompts } from './approve.ts';
import { toQuietNotice } from './exit-failure.ts';
import { toQuietMs } from './peculiarities.ts';
import type { AcpSettings } from './settings.ts';
import { type AcpState, type Reply, type Step, type Translation, runStep } from './state.ts';
import { awaitsSilence, settleTurn } from './turn-end.ts';

export interface ConversationOptions {
  state: AcpState;
  settings: AcpSettings;
  report(report: AgentReport): void | Promise<void>;
  reply(reply: Reply): void;
  /** The agent waits for its model, and has said nothing for too long. */
  onHang(silentMs: number): void;
  /** Its provider limited the rate, and it waits for longer than a person would. */
  onLimit(limit: Failure): void;
  /** A turn is over. */
  onRest(): void;
}

/** What is known of a conversation, and what follows when that changes: reports, answers, and watching for silence. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #watchdog: Watchdog;
  readonly #limit: LimitWatch;
  #state: AcpState;
  #cancelSettle: (() => void) | undefined;
  #isClosed = false;
  #askedMs = 0;
  #askedSince: number | undefined;
  #repeated = Promise.withResolvers<void>();

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#state = options.state;
    const { clock, bounds, definition } = options.settings;
    this.#watchdog = createWatchdog({
      clock,
      noticeMs: toQuietMs(definition, bounds.quietMs),
      hangMs: bounds.hangMs,
      isWaiting: () => this.#waitsForModel(),
      onQuiet: (silentMs) => this.tell('warning', toQuietNotice(definition.title, silentMs)),
      onHang: options.onHang,
    });
    this.#limit = createLimitWatch({ clock, limitMs: bounds.limitMs, onLimit: options.onLimit });
  }

  get state(): AcpState {
    return this.#state;
  }

  /** For how long people had something to answer, so far. */
  get askedMs(): number {
    return this.#askedMs + (this.#askedSince === undefined ? 0 : this.#options.settings.clock.now() - this.#askedSince);
  }

  change(change: Partial<AcpState>): void {
    this.#state = { ...this.#state, ...change };
  }

  /** Does a piece of work on the state. A returned promise means that the engine is behind. */
  step(work: (step: Step) => void): void | Promise<void> {
    return this.apply((state, context) => runStep(state, context, work));
  }

  apply(work: (state: AcpState, context: TranslateContext) => Translation): void | Promise<void> {
    return this.take(work(this.#state, this.toContext()));
  }

  /** Takes back what people were asked in the turn that somebody interrupts. Some agents wait for an answer all the same. */
  withdrawPrompts(): void {
    void this.step((step) => withdrawPrompts(step, () => true, 'The turn was interrupted'));
  }

  toContext(): TranslateContext {
    return toTranslationContext(this.#options.settings.clock);
  }

  /** Takes what a message was translated to. */
  take({ state, reports, replies }: Translation): void | Promise<void> {
    // Told last, after all that is repeated.
    if (state.offer.commands !== this.#state.offer.commands) this.#repeated.resolve();
    if (state.turn?.limit !== this.#state.turn?.limit) this.#limit.see(state.turn?.limit);
    const hadTurn = this.#state.turn !== undefined;
    this.#state = state;
    if (hadTurn && state.turn === undefined) this.#options.onRest();
    if (state.turn === undefined) this.#watchdog.stop();
    else if (!hadTurn) this.#watchdog.start();
    this.#watchSilence();
    this.#countQuestions();
    for (const reply of replies) this.#options.reply(reply);
    const waits = reports.map((report) => this.report(report)).filter((wait) => wait instanceof Promise);
    return waits.at(-1);
  }

  // After the exit nothing is said any more.
  report(report: AgentReport): void | Promise<void> {
    return this.#isClosed ? undefined : this.#options.report(report);
  }

  tell(level: 'info' | 'warning', text: string): void {
    void this.report({ type: 'notice.raised', level, text });
  }

  /** The agent gave a sign of life. */
  touch(): void {
    this.#watchdog.touch();
    this.#limit.stop();
  }

  /** What the agent says of the conversation from now on it has said before. */
  expectReplay(): void {
    this.#repeated = Promise.withResolvers<void>();
    this.change({ isReplaying: true });
  }

  /** Waits for the end of what an agent repeats of a conversation that it found again. */
  async untilRepeated(withinMs: number): Promise<void> {
    const cancel = this.#options.settings.clock.after(withinMs, () => this.#repeated.resolve());
    await this.#repeated.promise;
    cancel();
    this.change({ isReplaying: false });
  }

  /** Reports the exit, and nothing after it. */
  close(exit: Extract<AgentReport, { type: 'agent.exited' }>): void {
    this.#watchdog.stop();
    this.#limit.stop();
    this.#cancelSettle?.();
    void this.report(exit);
    this.#isClosed = true;
    this.#repeated.resolve();
  }

  #countQuestions(): void {
    const isAsked = this.#state.prompts.length > 0;
    if (isAsked) this.#askedSince ??= this.#options.settings.clock.now();
    else [this.#askedMs, this.#askedSince] = [this.askedMs, undefined];
  }

  #watchSilence(): void {
    this.#cancelSettle?.();
    this.#cancelSettle = undefined;
    if (this.#isClosed || !awaitsSilence(this.#state)) return;
    const { clock, bounds } = this.#options.settings;
    this.#cancelSettle = clock.after(bounds.settleMs, () => {
      void this.apply((state, context) => settleTurn(state, { outcome: 'completed' }, context));
    });
  }

  #waitsForModel(): boolean {
    const { turn, prompts, tools } = this.#state;
    return turn !== undefined && prompts.length === 0 && Object.values(tools).every((tool) => !tool.isShown);
  }
}
