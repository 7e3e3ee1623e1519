import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { AgentReport, AgentSession, ApprovalAnswer, Change, OpenOptions, Prompt } from '@baton/core';
import { AppError, type Failure, type InputPart, toAppError } from '@baton/protocol';
import type { ProcessExit } from '@baton/runner';
import { HeldPrompt } from '../agent/held-prompt.ts';
import { runStep } from '../agent/step.ts';
import { toTranslationContext } from '../agent/translation-context.ts';
import { type ControlReply, answerApproval } from './approve.ts';
import { type Configurer, createConfigurer } from './configure.ts';
import { type ControlChannel, createControlChannel, decline } from './control.ts';
import { endCommands } from './end-commands.ts';
import { toExitFailure, toHangFailure, toQuietNotice } from './exit-failure.ts';
import { interruptTurn } from './interrupt-turn.ts';
import { learnOffer } from './learn-offer.ts';
import { type LiveOutput, createLiveOutput } from './live-output.ts';
import { parseLine } from './parse-line.ts';
import { answerQuestion } from './question.ts';
import { createQuietMoment } from './quiet-moment.ts';
import { applyInitialized } from './ready.ts';
import type { ClaudeSettings } from './settings.ts';
import { type ClaudeLink, type StartClaude, type StartedClaude, toSessionEnvironment } from './start-claude.ts';
import { type ClaudeState, type Step, type Translation, createState } from './state.ts';
import { addSteer } from './steer.ts';
import { extendTool } from './tool-call.ts';
import { translate } from './translate.ts';
import { awaitsSilence, beginTurn, settleTurn, waitsForModel } from './turn-end.ts';
import { toUserLine } from './user-line.ts';
import { type Watchdog, createWatchdog } from '../agent/watchdog.ts';
import { type ClaudeMessage, parseMessage } from './wire.ts';

/** One Claude Code process with one conversation, over whatever `start` connects it with. */
export class ClaudeSession implements AgentSession {
  readonly held: HeldPrompt;
  readonly #options: OpenOptions;
  readonly #settings: ClaudeSettings;
  readonly #startClaude: StartClaude;
  readonly #channel: ControlChannel;
  readonly #watchdog: Watchdog;
  readonly #env: Readonly<Record<string, string>>;
  readonly #output: LiveOutput;
  readonly #configurer: Configurer;
  readonly #announced = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<void>();
  /** Resolves when a prompt may be written in a conversation of its own. */
  readonly #mayWrite = Promise.withResolvers<void>();
  readonly #quietMoment;
  readonly #exited = Promise.withResolvers<void>();
  #state: ClaudeState;
  #link: ClaudeLink | undefined;
  #next: Pick<StartedClaude, 'warmNext' | 'restNext'> = {};
  #isAnnounced = false;
  #isReady = false;
  #isStopping = false;
  #hasExited = false;
  #failure: Failure | undefined;
  #sending: Promise<void> = Promise.resolve();
  #cancelSettle: (() => void) | undefined;

  constructor(options: OpenOptions, settings: ClaudeSettings, start: StartClaude) {
    this.#startClaude = start;
    this.held = new HeldPrompt(options);
    this.#options = options;
    this.#settings = settings;
    const { cwd, model, mode, effort, nativeId = '' } = options;
    this.#state = createState({ cwd, nativeId, model, mode, effort });
    const { clock, bounds } = settings;
    this.#env = toSessionEnvironment(settings, options);
    this.#output = createLiveOutput({
      clock,
      env: this.#env,
      onText: (id, text) =>
        void this.#apply((state, context) => runStep(state, context, (step) => extendTool(step, id, text))),
    });
    this.#quietMoment = createQuietMoment(clock);
    this.#channel = createControlChannel({ write: (line) => this.#write(line), clock });
    this.#watchdog = createWatchdog({
      clock,
      noticeMs: bounds.quietMs,
      hangMs: bounds.hangMs,
      isWaiting: () => waitsForModel(this.#state),
      onQuiet: (silentMs) =>
        void this.#report({ type: 'notice.raised', level: 'warning', text: toQuietNotice(silentMs) }),
      onHang: (silentMs) => void this.#giveUp(silentMs),
    });
    this.#configurer = createConfigurer({
      channel: this.#channel,
      env: this.#env,
      requestMs: bounds.requestMs,
      ready: this.#ready.promise,
      read: () => this.#state,
      change: (change) => this.#change(change),
    });
    // Whoever waits gets the reason; when nobody does it is told by `agent.exited` alone.
    for (const { promise } of [this.#ready, this.#mayWrite]) promise.catch(() => {});
  }

  /** Starts the process behind the caller's back; every outcome is a report. */
  start(): void {
    this.#start().catch((error: unknown) => this.#failStart(toAppError(error)));
  }

  prompt(prompt: Prompt): Promise<void> {
    this.held.hold(prompt);
    this.#quietMoment.noteWords();
    this.#sending = this.#send(prompt);
    return this.#sending;
  }

  async #send(prompt: Prompt): Promise<void> {
    // In a conversation of its own it need not have answered: it reads the prompt a moment earlier.
    const { nativeId, branch } = this.#options;
    await (nativeId === undefined && branch === undefined ? this.#mayWrite : this.#ready).promise;
    // A change that was asked for before the prompt is in force for it. A refused change is told to whoever asked.
    await this.#configurer.settled();
    // An interrupt came first; the turn has ended.
    if (!this.held.take(prompt)) return;
    const uuid = randomUUID();
    void this.#apply((state, context) => beginTurn(state, { turnId: prompt.turnId, promptUuid: uuid }, context));
    await this.held.send(prompt, () => this.#write(toUserLine(prompt.input, uuid)));
  }

  async steer(input: readonly InputPart[]): Promise<void> {
    await this.#sending;
    const { turn } = this.#state;
    if (turn === undefined || turn.isInterrupting) {
      throw new AppError('turn-not-running', 'Claude Code had ended the turn by then. Send it as a prompt');
    }
    const uuid = randomUUID();
    this.#change(addSteer(this.#state, uuid));
    await this.#write({ ...toUserLine(input, uuid), priority: 'next' });
  }

  async interrupt(): Promise<void> {
    const held = this.held.drop();
    if (held !== undefined) {
      void this.#report({ type: 'turn.ended', turnId: held, outcome: 'interrupted' });
      return;
    }
    if (this.#state.turn === undefined) return;
    const state = this.#state;
    this.#change({ turn: { ...this.#state.turn, isInterrupting: true } });
    await interruptTurn(this.#channel, state, this.#settings.bounds.requestMs);
  }

  answerApproval(answer: ApprovalAnswer): Promise<void> {
    return this.#answer((step) => answerApproval(step, answer));
  }

  answerQuestion(answer: Parameters<NonNullable<AgentSession['answerQuestion']>>[0]): Promise<void> {
    return this.#answer((step) => answerQuestion(step, answer));
  }

  configure(change: Change): Promise<void> {
    this.#quietMoment.end();
    return this.#configurer.configure(change);
  }

  async stop({ isRest } = { isRest: false }): Promise<void> {
    this.#isStopping = true;
    const isSleep = isRest && this.#isReady;
    const keepNext = isSleep ? await this.#next.restNext?.(this.#state, this.#channel).catch(() => {}) : undefined;
    if (this.#link !== undefined) await this.#link.stop(() => this.#endGracefully());
    await this.#exited.promise;
    keepNext?.();
  }

  async #start(): Promise<void> {
    const started = await this.#startClaude({
      settings: this.#settings,
      options: this.#options,
      env: this.#env,
      isWanted: () => !this.#isStopping,
      ears: {
        onLine: (line) => this.#takeLine(line),
        onMessage: (message) => this.#take(parseMessage(message)),
        onOverlongLine: (bytes) => this.#loseLine(bytes),
        onStderrLine: (text) => void this.#report({ type: 'agent.output', stream: 'stderr', text }),
        onExit: (exit) => this.#takeExit(exit),
      },
    });
    if (started === undefined) return this.#exit({ code: null, signal: null, expected: true });
    this.#link = started.link;
    if (this.#isStopping) void this.#link.stop();
    this.#next = started;
    const { version, nativeId } = started;
    this.#change({ nativeId });
    void this.#report({ type: 'agent.started', pid: this.#link.pid, version, nativeId });
    this.#isAnnounced = true;
    this.#announced.resolve();
    this.#change({ isOfferDue: started.canBeginUnasked === true });
    const initialized = await learnOffer(started, {
      ...{ channel: this.#channel, bounds: this.#settings.bounds, quietMoment: this.#quietMoment },
      sessionId: this.#options.sessionId,
      onMayWrite: () => this.#mayWrite.resolve(),
    });
    void this.#apply((state, context) => runStep(state, context, (step) => applyInitialized(step, initialized)));
    this.#isReady = true;
    this.#ready.resolve();
  }

  // A process that runs but does not become ready is ended, and its exit carries the reason. One that is already gone
  // tells by its last words more than the line that could not be written.
  #failStart(error: AppError): void {
    if (this.#hasExited) return;
    if (this.#link === undefined || error.kind !== 'agent-exited')
      this.#failure ??= { kind: error.kind, message: `Cannot start Claude Code: ${error.message}` };
    if (this.#link === undefined) this.#exit({ code: null, signal: null, expected: this.#isStopping });
    else void this.#link.stop();
  }

  #takeLine(line: string): void | Promise<void> {
    return line.trim() === '' ? undefined : this.#take(parseLine(line));
  }

  #take(message: ClaudeMessage): void | Promise<void> {
    if (!this.#isAnnounced) return this.#announced.promise.then(() => this.#take(message));
    this.#watchdog.touch();
    const isCut = message.type === 'result' && this.#state.turn?.isInterrupting === true;
    if (!isCut) return this.#takeMessage(message);
    return endCommands(this.#settings, this.#options.sessionId).then(() => this.#takeMessage(message));
  }

  #takeMessage(message: ClaudeMessage): void | Promise<void> {
    this.#quietMoment.hear(message);
    if (message.type === 'control_response') {
      this.#channel.settle(message.response);
      // What it says after its first answer is read when that has been taken.
      return this.#isReady ? undefined : setImmediate();
    }
    if (message.type === 'control_request' && message.asks === undefined)
      return this.#report(decline(this.#channel, message));
    if (message.type === 'result' && message.is_error) this.#noteStartError(message.errors ?? []);
    const wait = this.#apply((state, context) => translate(state, message, context));
    if (message.type === 'system' && message.subtype === 'task_started') this.#output.follow(message, this.#state);
    return wait;
  }

  #apply(work: (state: ClaudeState, context: Step['context']) => Translation): void | Promise<void> {
    const context = toTranslationContext(this.#settings.clock);
    const { state, reports } = work(this.#state, context);
    const hadTurn = this.#state.turn !== undefined;
    this.#state = state;
    if (state.turn === undefined) this.#watchdog.stop();
    if (state.turn === undefined && hadTurn) this.#next.warmNext?.(this.#channel).catch(() => {});
    else if (!hadTurn) this.#watchdog.start();
    this.#output.keep(state);
    this.#watchSilence();
    const waits = reports.map((report) => this.#report(report)).filter((wait) => wait instanceof Promise);
    return waits.at(-1);
  }

  #change(change: Partial<ClaudeState>): void {
    this.#state = { ...this.#state, ...change };
  }

  // After the exit nothing is said any more.
  #report(report: AgentReport): void | Promise<void> {
    if (this.#hasExited) return undefined;
    return this.#options.report(report);
  }

  #watchSilence(): void {
    this.#cancelSettle?.();
    this.#cancelSettle = undefined;
    if (!awaitsSilence(this.#state)) return;
    this.#cancelSettle = this.#settings.clock.after(this.#settings.bounds.settleMs, () => {
      void this.#apply((state, context) => settleTurn(state, { outcome: 'completed' }, context));
    });
  }

  // Interrupts a turn whose model hangs; an agent that does not even take that is ended.
  async #giveUp(silentMs: number): Promise<void> {
    const failure = toHangFailure(silentMs);
    if (this.#state.turn !== undefined) this.#change({ turn: { ...this.#state.turn, failure } });
    try {
      await this.interrupt();
      this.#settings.clock.after(this.#settings.bounds.requestMs, () => {
        if (this.#state.turn?.failure === failure) void this.#abandon(failure);
      });
    } catch {
      await this.#abandon(failure);
    }
  }

  async #abandon(failure: Failure): Promise<void> {
    this.#failure = failure;
    void this.#apply((state, context) => settleTurn(state, { outcome: 'failed', error: failure }, context));
    await this.#link?.stop();
  }

  #noteStartError(errors: readonly string[]): void {
    if (this.#isReady || this.#quietMoment.hasBegun || errors.length === 0) return;
    this.#failure ??= toExitFailure({ said: errors.join('; '), nativeId: this.#options.nativeId });
  }

  #loseLine(bytes: number): void {
    const text = `Claude Code wrote a message of ${Math.round(bytes / 1024 / 1024)} MB, which was too long and is lost.`;
    void this.#report({ type: 'notice.raised', level: 'warning', text });
  }

  async #answer(take: (step: Step) => ControlReply): Promise<void> {
    const replies: ControlReply[] = [];
    void this.#apply((state, context) => runStep(state, context, (step) => replies.push(take(step))));
    for (const { requestId, response } of replies) await this.#channel.reply(requestId, response);
  }

  #write(line: unknown): Promise<void> {
    if (this.#link === undefined) return Promise.reject(new AppError('agent-exited', 'Claude Code does not run'));
    return this.#link.send(line);
  }

  async #endGracefully(): Promise<void> {
    if (this.#state.turn !== undefined) await this.interrupt().catch(() => {});
    this.#link?.closeInput();
  }

  #takeExit({ code, signal, lastErrors }: ProcessExit): void {
    const said = lastErrors.slice(-5).join('; ');
    const expected = this.#isStopping && this.#failure === undefined;
    if (!expected) this.#failure ??= toExitFailure({ code, signal, said, nativeId: this.#options.nativeId });
    this.#exit({ code, signal, expected });
  }

  #exit(exit: { code: number | null; signal: string | null; expected: boolean }): void {
    this.#watchdog.stop();
    this.#output.close();
    this.#cancelSettle?.();
    this.#quietMoment.end();
    const failure = exit.expected || this.#failure === undefined ? {} : { failure: this.#failure };
    void this.#report({ type: 'agent.exited', ...exit, ...failure });
    this.#hasExited = true;
    const { kind = 'agent-exited', message = 'Claude Code has ended' } = this.#failure ?? {};
    const reason = new AppError(kind, message);
    this.#channel.close(reason);
    this.#ready.reject(reason);
    this.#mayWrite.reject(reason);
    this.#announced.resolve();
    this.#exited.resolve();
  }
}
