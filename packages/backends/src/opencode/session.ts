import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentReport, AgentSession, ApprovalAnswer, Change, OpenOptions, Prompt } from '@baton/core';
import { type Answers, AppError, type Failure, type InputPart, type QuestionId, toAppError } from '@baton/protocol';
import type { ProcessExit } from '@baton/runner';
import { HeldPrompt } from '../agent/held-prompt.ts';
import { runStep, update } from '../agent/step.ts';
import { toTranslationContext } from '../agent/translation-context.ts';
import type { OpencodeApi } from './api.ts';
import { answerApproval } from './approve.ts';
import { Beginning } from './beginning.ts';
import { CatchUp } from './catch-up.ts';
import { openConversation } from './conversation.ts';
import { endTools } from './end-tools.ts';
import type { FolderEvent } from './event-stream.ts';
import { toExitFailure, toHangFailure, toQuietNotice } from './exit-failure.ts';
import { toOpencodeEnvironment } from './launch.ts';
import { createMessageId } from './message-id.ts';
import { answerQuestion } from './question.ts';
import { mayBeCommand } from './prompt-body.ts';
import { checkFolder, checkMode, checkModel } from './check-choice.ts';
import { applyOffer, readOffer } from './ready.ts';
import { sendPrompt } from './send-prompt.ts';
import { toPatience } from './retry.ts';
import { abortTurn, sendReply } from './settle-prompt.ts';
import type { ServerLease, ServerPool } from './server-pool.ts';
import type { OpencodeSettings } from './settings.ts';
import { type Offer, type OpencodeState, type Step, type Translation, createState, updateTurn } from './state.ts';
import { translate } from './translate.ts';
import { beginsInterrupted, beginTurn, endTurn, isInDoubt, isToBegin, waitsForModel } from './turn.ts';
import { toUsage } from './usage.ts';
import { type Watchdog, createWatchdog } from '../agent/watchdog.ts';
import { type NativeEvent, parseEvent } from './wire.ts';

/** One conversation on a server that it may share with others. */
export class OpencodeSession implements AgentSession {
  readonly held: HeldPrompt;
  readonly #options: OpenOptions;
  readonly #settings: OpencodeSettings;
  readonly #pool: ServerPool;
  readonly #watchdog: Watchdog;
  readonly #catchUp: CatchUp;
  readonly #beginning: Beginning;
  readonly #ready = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  /** Resolves when what OpenCode offers in the folder is known, for which no words wait. */
  #offered: Promise<void> = Promise.resolve();
  /** Resolves when the model has begun to answer, or will not, or somebody waits for what OpenCode offers. */
  readonly #answering = Promise.withResolvers<void>();
  #state: OpencodeState;
  #lease: ServerLease | undefined;
  #unlisten: (() => void) | undefined;
  #isStopping = false;
  #hasExited = false;
  #stopping: Promise<void> | undefined;
  #leaving: Promise<void> | undefined;
  #prompting: Promise<void> = Promise.resolve();

  constructor(options: OpenOptions, settings: OpencodeSettings, pool: ServerPool) {
    this.held = new HeldPrompt(options);
    this.#options = options;
    this.#settings = settings;
    this.#pool = pool;
    const { cwd, model, mode, effort, nativeId = '' } = options;
    this.#state = createState({ cwd, nativeId, model, mode, effort, patience: toPatience(options.env, settings.env) });
    const { clock, bounds } = settings;
    this.#beginning = new Beginning(settings);
    this.#watchdog = createWatchdog({
      clock,
      noticeMs: bounds.quietMs,
      hangMs: bounds.hangMs,
      isWaiting: () => waitsForModel(this.#state),
      onQuiet: (ms) => void this.#report({ type: 'notice.raised', level: 'warning', text: toQuietNotice(ms) }),
      onHang: (ms) => this.#edit((step) => updateTurn(step, { failure: toHangFailure(ms) })),
    });
    this.#catchUp = new CatchUp({
      ...{ settings, cwd },
      api: () => this.#lease?.server.api,
      read: () => this.#state,
      apply: (work) => void this.#apply(work),
      take: (event) => this.#takeEvent(event),
      abort: () => this.#abort(),
    });
    // Whoever waits gets the reason; when nobody does it is told by `agent.exited` alone.
    this.#ready.promise.catch(() => {});
  }

  /** Starts behind the caller's back; every outcome is a report. */
  start(): void {
    this.#start().catch((error: unknown) => this.#failStart(toAppError(error)));
  }

  prompt(prompt: Prompt): Promise<void> {
    this.held.hold(prompt);
    this.#prompting = this.#prompt(prompt);
    return this.#prompting;
  }

  async #prompt(prompt: Prompt): Promise<void> {
    await this.#ready.promise;
    if (mayBeCommand(prompt.input)) await this.#offered;
    // An interrupt came first; the turn has ended.
    if (!this.held.take(prompt)) return;
    const promptId = createMessageId(this.#settings.clock.now());
    void this.#apply((state, context) => beginTurn(state, { turnId: prompt.turnId, promptId }, context));
    try {
      this.held.hand();
      await sendPrompt(this.#toTarget(), { messageId: promptId, input: prompt.input });
    } catch (error) {
      if (this.#state.turn?.promptId === promptId) this.#change({ turn: undefined });
      this.#watchdog.stop();
      throw error;
    }
  }

  async steer(input: readonly InputPart[]): Promise<void> {
    if (this.#state.turn === undefined)
      throw new AppError('turn-not-running', 'Cannot add to the turn: none is running');
    const { steerIds } = this.#state.turn;
    const messageId = createMessageId(this.#settings.clock.now());
    this.#edit((step) => updateTurn(step, { steerIds: [...steerIds, messageId] }));
    await sendPrompt(this.#toTarget(), { messageId, input, isSteer: true });
  }

  async interrupt(): Promise<void> {
    const held = this.held.drop();
    if (held !== undefined) {
      void this.#report({ type: 'turn.ended', turnId: held, outcome: 'interrupted' });
      return;
    }
    if (this.#state.turn === undefined) return;
    this.#edit((step) => updateTurn(step, { isInterrupting: true }));
    await this.#abort();
  }

  async answerApproval(answer: ApprovalAnswer): Promise<void> {
    const { requestId, body } = this.#take((step) => answerApproval(step, answer));
    await this.#reply({ path: `/permission/${requestId}/reply`, body, gone: 'approval-already-answered' });
  }

  async answerQuestion(answer: { questionId: QuestionId; answers: Answers }): Promise<void> {
    const { requestId, body } = this.#take((step) => answerQuestion(step, answer));
    await this.#reply({ path: `/question/${requestId}/reply`, body, gone: 'question-already-answered' });
  }

  /** In force from the next prompt on. */
  async configure({ model, mode, effort }: Change): Promise<void> {
    await this.#ready.promise;
    // Somebody waits for it.
    this.#answering.resolve();
    await this.#offered;
    if (mode !== undefined) checkMode(mode, this.#state.offer);
    if (model !== undefined) checkModel(model);
    this.#change({
      ...(model === undefined ? {} : { model }),
      ...(mode === undefined ? {} : { mode }),
      ...(effort === undefined ? {} : { effort }),
    });
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<void> {
    const { cwd, env, model } = this.#options;
    checkFolder(cwd);
    if (model !== undefined) checkModel(model);
    const lease = await this.#pool.acquire(toOpencodeEnvironment(this.#settings.env, env), this.#options);
    this.#lease = lease;
    if (this.#isStopping) return lease.release({ unbegun: undefined });
    const { server } = lease;
    const offering = this.#readOffer(server.api);
    // Whoever waits for it gets the reason.
    offering.catch(() => {});
    const session = await openConversation(server.api, this.#options);
    if (this.#isStopping) return;
    const tokens = session.tokens === undefined ? {} : { tokens: toUsage(session.tokens) };
    this.#change({ nativeId: session.id, costUsd: session.cost ?? 0, ...tokens });
    this.#unlisten = server.listen({
      onEvent: (event) => this.#hear(event),
      onGap: () => this.#catchUp.noteGap(),
      onStderrLine: (text) => void this.#report({ type: 'agent.output', stream: 'stderr', text }),
      onExit: (exit) => void this.#takeExit(exit),
    });
    if (server.hasExited) throw new AppError('agent-exited', 'its server ended');
    const { pid, version } = server;
    void this.#report({ type: 'agent.started', pid, version, nativeId: session.id });
    this.#offered = this.#takeOffer(offering);
    // A mode that it does not have would fail every prompt.
    if (this.#options.mode !== undefined) await this.#offered;
    this.#ready.resolve();
    await this.#offered;
  }

  // A prompt that waits goes before what is only to be shown, which takes OpenCode a third of a second at its start.
  async #readOffer(api: OpencodeApi): Promise<Offer> {
    const { cwd, mode } = this.#options;
    const held = this.held.waiting;
    const isWaiting = held !== undefined && mode === undefined && !mayBeCommand(held.input);
    if (isWaiting) {
      await this.#prompting.catch(() => undefined);
      await Promise.race([this.#answering.promise, sleep(OFFER_AFTER_MS, undefined, { ref: false })]);
    }
    // To ask would boot the folder once more, which was let go at the end.
    if (this.#isStopping || this.#leaving !== undefined) throw new AppError('agent-exited', 'OpenCode has ended');
    return readOffer(api, cwd, this.#settings.bounds.readyMs);
  }

  async #takeOffer(offering: Promise<Offer>): Promise<void> {
    const offer = await offering;
    if (this.#isStopping) return;
    this.#edit((step) => applyOffer(step, offer));
    if (this.#options.mode !== undefined) checkMode(this.#options.mode, offer);
  }

  #failStart(error: AppError): void {
    if (this.#isStopping) return;
    const failure = { kind: error.kind, message: `Cannot start OpenCode: ${error.message}` };
    void this.#leave({ code: null, signal: null, expected: false, failure });
  }

  #toTarget() {
    if (this.#lease === undefined) throw new AppError('agent-exited', 'OpenCode does not run');
    return {
      api: this.#lease.server.api,
      state: this.#state,
      onRefused: (error: AppError) => this.#noteRefusal(error),
    };
  }

  // A command that OpenCode could not begin: its own event about it may say more and counts first.
  #noteRefusal(error: AppError): void {
    this.#edit((step) => {
      if (step.state.turn?.error !== undefined) return;
      updateTurn(step, { error: { name: 'UnknownError', data: { message: error.message } } });
    });
  }

  #hear({ directory, payload }: FolderEvent): void | Promise<void> {
    if (directory !== undefined && directory !== 'global' && directory !== this.#options.cwd) return undefined;
    const event = parseEvent(payload);
    if (event === undefined) return undefined;
    return this.#catchUp.hear(event);
  }

  #takeEvent(event: NativeEvent): void | Promise<void> {
    if (this.#state.turn !== undefined) this.#watchdog.touch();
    return this.#apply((state, context) => translate(state, event, context));
  }

  #apply(work: (state: OpencodeState, context: Step['context']) => Translation): void | Promise<void> {
    const context = toTranslationContext(this.#settings.clock);
    const before = this.#state;
    const { state, reports } = work(before, context);
    this.#state = state;
    if (state.turn === undefined) this.#watchdog.stop();
    else if (before.turn === undefined) this.#watchdog.start();
    if (isInDoubt(before) !== isInDoubt(state)) this.#catchUp.watch();
    if (beginsInterrupted(before, state)) void this.#abort().catch(() => undefined);
    this.#beginning.note(state);
    const failure = state.turn?.failure;
    if (failure !== undefined && failure !== before.turn?.failure) void this.#giveUp(failure);
    const waits = reports.map((report) => this.#report(report)).filter((wait) => wait instanceof Promise);
    return waits.at(-1);
  }

  #edit(work: (step: Step) => void): void {
    void this.#apply((state, context) => runStep(state, context, work));
  }

  #take<T>(work: (step: Step) => T): T {
    const taken: T[] = [];
    this.#edit((step) => taken.push(work(step)));
    const [result] = taken;
    if (result === undefined) throw new Error('Broken invariant: nothing was taken');
    return result;
  }

  #change(change: Partial<OpencodeState>): void {
    this.#edit((step) => update(step, change));
  }

  // After the exit nothing is said any more.
  #report(report: AgentReport): void | Promise<void> {
    if (ANSWERS.has(report.type)) this.#answering.resolve();
    return this.#hasExited ? undefined : this.#options.report(report);
  }

  #reply(reply: Omit<Parameters<typeof sendReply>[1], 'directory'>): Promise<void> {
    return sendReply(this.#toTarget().api, { ...reply, directory: this.#options.cwd });
  }

  async #abort(): Promise<void> {
    await abortTurn(this.#toTarget().api, this.#state);
  }

  // Interrupts a turn whose model hangs or fails; an agent that does not even take that has its turn ended for it.
  async #giveUp(failure: Failure): Promise<void> {
    await this.interrupt().catch(() => {});
    const { clock, bounds } = this.#settings;
    clock.after(bounds.requestMs, () => {
      if (this.#state.turn?.failure === failure) this.#edit((step) => endTurn(step));
    });
  }

  async #stop(): Promise<void> {
    const isUp = this.#lease !== undefined && this.#state.turn !== undefined && !this.#hasExited;
    if (isUp) {
      await this.interrupt().catch(() => {});
      if (await this.#beginning.wait(this.#state)) await this.#abort().catch(() => {});
    }
    await this.#leave({ code: null, signal: null, expected: true });
    await this.#exited.promise;
  }

  async #takeExit(exit: ProcessExit): Promise<void> {
    const { code, signal } = exit;
    const expected = this.#isStopping || exit.expected;
    await this.#leave({ code, signal, expected, ...(expected ? {} : { failure: toExitFailure(exit) }) });
  }

  #leave(exit: Omit<Extract<AgentReport, { type: 'agent.exited' }>, 'type'>): Promise<void> {
    this.#leaving ??= this.#end(exit);
    return this.#leaving;
  }

  async #end(exit: Omit<Extract<AgentReport, { type: 'agent.exited' }>, 'type'>): Promise<void> {
    this.#unlisten?.();
    this.#beginning.stop();
    this.#watchdog.stop();
    this.#catchUp.stop();
    const { nativeId, children } = this.#state;
    await endTools(this.#settings, [nativeId, ...Object.keys(children)]);
    await this.#lease?.release({ unbegun: isToBegin(this.#state) ? this.#state.nativeId : undefined });
    void this.#report({ type: 'agent.exited', ...exit });
    this.#hasExited = true;
    const { kind, message } = exit.failure ?? { kind: 'agent-exited' as const, message: 'OpenCode has ended' };
    this.#ready.reject(new AppError(kind, message));
    this.#exited.resolve();
  }
}

/** A fresh OpenCode is busy with its first prompt for up to a second before the model has it. */
const OFFER_AFTER_MS = 2000;
const ANSWERS: ReadonlySet<AgentReport['type']> = new Set(['item.started', 'turn.ended', 'agent.exited']);
