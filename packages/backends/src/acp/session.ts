import type { AgentSession, ApprovalAnswer, Change, OpenOptions, Prompt } from '@baton/core';
import {
  type Answers,
  AppError,
  type Failure,
  type InputPart,
  type QuestionId,
  parseJson,
  toAppError,
} from '@baton/protocol';
import type { AgentProcess, ProcessExit } from '@baton/runner';
import { createPathScope } from '../worker/tools/path-scope.ts';
import { answerApproval, withdrawPrompts } from './approve.ts';
import { choose } from './choices.ts';
import { Conversation } from './conversation.ts';
import { toExitFailure, toHangFailure, toNonsenseFailure } from './exit-failure.ts';
import { initialize } from './initialize.ts';
import { startAgent, toAgentEnvironment } from './launch.ts';
import { createOddLines } from './odd-lines.ts';
import { applySession } from './offer.ts';
import { openConversation, toOpenError } from './open-conversation.ts';
import { finishResume, prepareResume, repeatsLate } from './peculiarities.ts';
import { toPromptBlocks } from './prompt-blocks.ts';
import { answerQuestion } from './question.ts';
import { INVALID_PARAMS, type RpcChannel, createRpcChannel } from './rpc.ts';
import { createService, isServed } from './serve-agent.ts';
import type { AcpSettings } from './settings.ts';
import { type AcpState, type Chosen, type Step, createState } from './state.ts';
import { type Terminals, createTerminals } from './terminals.ts';
import { applyTerminal } from './tool-call.ts';
import { translate } from './translate.ts';
import { applyPromptResult, beginTurn, endTurn } from './turn-end.ts';
import { type Incoming, type Initialized, parseIncoming } from './wire.ts';

const MAX_RAW_LINE = 10_000;
const MAX_ERROR_LINES = 2000;
const MAX_UNKNOWN = 200;

export interface SessionHooks {
  /** Hears what the agent says of itself, which a look for it cannot find out. */
  onInitialized(initialized: Initialized): void;
  onOffer(state: AcpState): void;
}

/** One process of an agent with one conversation. */
export class AcpSession implements AgentSession {
  /** There as soon as the agent said that it can. */
  steer?: (input: readonly InputPart[]) => Promise<void>;
  readonly #options: OpenOptions;
  readonly #settings: AcpSettings;
  readonly #hooks: SessionHooks;
  readonly #env: Readonly<Record<string, string>>;
  readonly #rpc: RpcChannel;
  readonly #conversation: Conversation;
  readonly #terminals: Terminals;
  readonly #serve: ReturnType<typeof createService>;
  readonly #odd = createOddLines();
  readonly #ready = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  readonly #replayed = Promise.withResolvers<void>();
  #process: AgentProcess | undefined;
  #initialized: Initialized | undefined;
  #isReady = false;
  #isStopping = false;
  #hasExited = false;
  #failure: Failure | undefined;
  #changing: Promise<void> = Promise.resolve();
  #held: Prompt | undefined;
  #turnOver = Promise.withResolvers<void>();
  #errorLines = 0;
  #unknown = 0;

  constructor(options: OpenOptions, settings: AcpSettings, hooks: SessionHooks) {
    this.#options = options;
    this.#settings = settings;
    this.#hooks = hooks;
    const { definition, clock, serverMarker } = settings;
    const { cwd, model, mode, effort, nativeId } = options;
    const { title } = definition;
    this.#env = toAgentEnvironment(definition, settings.env, options.env);
    this.#rpc = createRpcChannel({ title, clock, write: (message) => this.#write(message) });
    this.#conversation = new Conversation({
      state: createState({ title, cwd, nativeId, model, mode, effort }),
      settings,
      report: (report) => options.report(report),
      reply: (reply) => this.#rpc.reply(reply),
      onHang: (silentMs) => void this.#giveUp(toHangFailure(title, silentMs)),
    });
    const scope = createPathScope(cwd);
    this.#terminals = createTerminals({
      scope,
      env: this.#env,
      marker: { session: options.sessionId, server: serverMarker },
      onOutput: (id, text) => void this.#step((step) => applyTerminal(step, id, { text })),
      onExit: (id, { exitCode }) => void this.#step((step) => applyTerminal(step, id, { exitCode })),
    });
    this.#serve = createService({ definition, scope, terminals: this.#terminals });
    // Whoever waits gets the reason; when nobody does it is told by `agent.exited` alone.
    this.#ready.promise.catch(() => {});
  }

  /** Starts the process behind the caller's back; every outcome is a report. */
  start(): void {
    this.#start().catch((error: unknown) => this.#failStart(toAppError(toOpenError(this.#title, error))));
  }

  async prompt(prompt: Prompt): Promise<void> {
    this.#held = prompt;
    await this.#ready.promise;
    // A change that was asked for before the prompt is in force for it. A refused change is told to whoever asked.
    await this.#changing.catch(() => undefined);
    // An interrupt came first; the turn has ended.
    if (this.#held !== prompt) return;
    this.#held = undefined;
    const blocks = this.#toBlocks(prompt.input);
    this.#turnOver = Promise.withResolvers();
    void this.#conversation.apply((state, context) => beginTurn(state, prompt.turnId, context));
    const { nativeId: sessionId } = this.#state;
    await this.#rpc.call('session/prompt', { sessionId, prompt: blocks }, (outcome) => {
      void this.#step((step) => applyPromptResult(step, outcome));
      this.#turnOver.resolve();
    });
  }

  async interrupt(): Promise<void> {
    const held = this.#held;
    if (held !== undefined) {
      this.#held = undefined;
      void this.#conversation.report({ type: 'turn.ended', turnId: held.turnId, outcome: 'interrupted' });
      return;
    }
    const { turn } = this.#state;
    if (turn === undefined) return;
    // Only a prompt can be cancelled, and some agents take it badly when there is none.
    if (!turn.isPrompted) return void this.#step((step) => endTurn(step, { outcome: 'interrupted' }));
    this.#conversation.change({ turn: { ...turn, isInterrupting: true } });
    await this.#rpc.notify('session/cancel', { sessionId: this.#state.nativeId });
    // Some agents wait for an answer even to what they were told to forget.
    void this.#step((step) => withdrawPrompts(step, () => true, 'The turn was interrupted'));
    const message = `${this.#title} did not end its turn when it was told to, and was ended. Send a prompt to start it again.`;
    const cancel = this.#settings.clock.after(this.#settings.bounds.cancelMs, () => {
      void this.#abandon({ kind: 'agent-unresponsive', message });
    });
    void this.#turnOver.promise.then(cancel);
  }

  async answerApproval(answer: ApprovalAnswer): Promise<void> {
    await this.#step((step) => answerApproval(step, answer));
  }

  async answerQuestion(answer: { questionId: QuestionId; answers: Answers }): Promise<void> {
    await this.#step((step) => answerQuestion(step, answer));
  }

  async configure(change: Change): Promise<void> {
    const before = this.#changing.catch(() => undefined);
    this.#changing = before.then(() => this.#ready.promise).then(() => this.#choose(change));
    await this.#changing;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#process !== undefined) await this.#process.stop(() => this.#endGracefully());
    await this.#exited.promise;
  }

  get #title(): string {
    return this.#settings.definition.title;
  }

  get #state(): AcpState {
    return this.#conversation.state;
  }

  #step(work: (step: Step) => void): void | Promise<void> {
    return this.#conversation.step(work);
  }

  async #start(): Promise<void> {
    await prepareResume(this.#settings.definition, this.#asFound());
    const started = await startAgent({
      settings: this.#settings,
      options: this.#options,
      env: this.#env,
      isWanted: () => !this.#isStopping,
      ears: {
        onLine: (line) => this.#take(line),
        onOverlongLine: (bytes) => this.#loseLine(bytes),
        onStderrLine: (text) => this.#takeError(text),
        onExit: (exit) => void this.#takeExit(exit),
      },
    });
    if (started === undefined) return this.#exit({ code: null, signal: null, expected: true });
    this.#process = started.process;
    if (this.#isStopping) void this.#process.stop();
    const initialized = await initialize(this.#rpc, this.#settings);
    this.#initialized = initialized;
    this.#conversation.change({ agent: initialized.agentInfo?.name ?? '' });
    if (initialized._meta?.steering?.supported === true) this.steer = (input) => this.#steer(input);
    this.#hooks.onInitialized(initialized);
    const version = initialized.agentInfo?.version ?? started.version ?? 'unknown';
    const { nativeId } = this.#options;
    const known = nativeId === undefined ? {} : { nativeId };
    void this.#conversation.report({ type: 'agent.started', pid: this.#process.pid, version, ...known });
    await this.#open(initialized);
    this.#isReady = true;
    this.#ready.resolve();
  }

  async #open(initialized: Initialized): Promise<void> {
    const { bounds, definition, clock } = this.#settings;
    const { model, mode, effort } = this.#options;
    const wanted = { model, mode, effort };
    const choosing = (['model', 'mode', 'effort'] as const).filter((what: Chosen) => wanted[what] !== undefined);
    this.#conversation.change({ choosing, model: undefined, mode: undefined, effort: undefined });
    const opening = {
      title: this.#title,
      signIn: definition.signIn,
      env: this.#env,
      initialized,
      request: (method: string, params: unknown, onResult: (result: unknown) => void = () => {}) =>
        this.#rpc.request(method, params, { timeoutMs: bounds.openMs, onResult }),
      expectReplay: () => this.#conversation.change({ isReplaying: true }),
      onOpen: (result: Parameters<typeof applySession>[1], id: string) => {
        if (!repeatsLate(this.#state.agent)) this.#conversation.change({ isReplaying: false });
        void this.#step((step) => applySession(step, result, id));
        this.#hooks.onOffer(this.#state);
      },
    };
    await openConversation(opening, this.#options);
    if (this.#state.isReplaying) {
      const cancel = clock.after(bounds.replayMs, () => this.#replayed.resolve());
      await this.#replayed.promise;
      cancel();
      this.#conversation.change({ isReplaying: false });
      await finishResume(this.#state.agent, { ...this.#asFound(), nativeId: this.#state.nativeId });
    }
    await this.#choose(wanted).catch((error: unknown) =>
      this.#conversation.tell('warning', `${toAppError(error).message}. It goes on with what it has.`),
    );
  }

  #asFound() {
    return { env: this.#env, nativeId: this.#options.nativeId, now: this.#settings.clock.now() };
  }

  #choose(change: Change): Promise<void> {
    const { requestMs: timeoutMs } = this.#settings.bounds;
    return choose({ conversation: this.#conversation, rpc: this.#rpc, timeoutMs }, change);
  }

  async #steer(input: readonly InputPart[]): Promise<void> {
    if (this.#state.turn?.isPrompted !== true)
      throw new AppError('turn-not-running', `${this.#title} has no turn that something could be added to`);
    const { nativeId: sessionId } = this.#state;
    const params = { sessionId, prompt: this.#toBlocks(input) };
    await this.#rpc.request('_session/steering', params, { timeoutMs: this.#settings.bounds.requestMs });
  }

  #toBlocks(input: readonly InputPart[]): unknown[] {
    const takesImages = this.#initialized?.agentCapabilities?.promptCapabilities?.image === true;
    return toPromptBlocks(input, { title: this.#title, cwd: this.#options.cwd, takesImages });
  }

  // A process that runs but does not become ready is ended, and its exit carries the reason. One that is already gone
  // tells by its last words more than the line that could not be written.
  #failStart(error: AppError): void {
    if (this.#hasExited) return;
    const isGone = this.#process !== undefined && this.#initialized === undefined && error.kind === 'agent-exited';
    if (!isGone) this.#failure ??= { kind: error.kind, message: error.message };
    if (this.#process === undefined) this.#exit({ code: null, signal: null, expected: this.#isStopping });
    else void this.#process.stop();
  }

  #take(line: string): void | Promise<void> {
    if (line.trim() === '') return undefined;
    const parsed = parseJson(line);
    const message: Incoming = parsed.ok ? parseIncoming(parsed.value) : { type: 'unknown' };
    if (message.type === 'unknown') return this.#takeOdd(line);
    this.#conversation.touch();
    if (message.type === 'response') return this.#rpc.settle(message.id, message.outcome);
    if (message.type === 'request' && isServed(message.method)) return void this.#serveRequest(message);
    const context = this.#conversation.toContext();
    const translation = translate(this.#state, message, context);
    if (translation === undefined) return this.#takeUnknown(message);
    const wait = this.#conversation.take(translation);
    // Told last, after all that was repeated.
    if (this.#state.isReplaying && line.includes('available_commands_update')) this.#replayed.resolve();
    return wait;
  }

  #takeUnknown(message: Exclude<Incoming, { type: 'response' | 'unknown' }>): void | Promise<void> {
    if (message.type === 'request') void this.#serveRequest(message);
    this.#unknown += 1;
    if (this.#unknown > MAX_UNKNOWN) return undefined;
    const { method, params } = message;
    return this.#conversation.report({
      type: 'raw.received',
      source: this.#settings.definition.id,
      payload: { method, params },
    });
  }

  async #serveRequest({ id, method, params }: Extract<Incoming, { type: 'request' }>): Promise<void> {
    const known = ['session/request_permission', 'elicitation/create'].includes(method);
    const outcome = known
      ? { error: { code: INVALID_PARAMS, message: 'The parameters are not valid' } }
      : await this.#serve(method, params);
    await this.#rpc.reply({ rpcId: id, ...outcome }).catch(() => {});
  }

  #takeOdd(line: string): void | Promise<void> {
    const what = this.#odd.note(line, this.#initialized !== undefined);
    if (what === 'give-up') return this.#refuse();
    if (what === 'drop' || this.#initialized === undefined) return undefined;
    if (what === 'last-kept')
      this.#conversation.tell(
        'warning',
        `${this.#title} prints lines that are no messages; more of them are not kept.`,
      );
    const payload = line.slice(0, MAX_RAW_LINE);
    return this.#conversation.report({ type: 'raw.received', source: this.#settings.definition.id, payload });
  }

  #refuse(): void {
    if (this.#failure !== undefined) return;
    this.#failure = toNonsenseFailure(this.#title, this.#odd.said());
    void this.#process?.stop();
  }

  #loseLine(bytes: number): void {
    if (this.#initialized === undefined) return this.#refuse();
    const text = `${this.#title} wrote a message of ${Math.round(bytes / 1024 / 1024)} MB, which was too long and is lost.`;
    this.#conversation.tell('warning', text);
  }

  #takeError(text: string): void {
    this.#errorLines += 1;
    if (this.#errorLines > MAX_ERROR_LINES) return;
    void this.#conversation.report({ type: 'agent.output', stream: 'stderr', text });
    if (this.#errorLines === MAX_ERROR_LINES)
      this.#conversation.tell(
        'warning',
        `${this.#title} prints too much beside its messages; more of that is not kept.`,
      );
  }

  // Interrupts a turn whose model hangs; an agent that does not even take that is ended.
  async #giveUp(failure: Failure): Promise<void> {
    const { turn } = this.#state;
    if (turn !== undefined) this.#conversation.change({ turn: { ...turn, failure } });
    await this.interrupt().catch(() => this.#abandon(failure));
  }

  async #abandon(failure: Failure): Promise<void> {
    this.#failure ??= this.#state.turn?.failure ?? failure;
    const error = this.#failure;
    void this.#step((step) => endTurn(step, { outcome: 'failed', error }));
    await this.#process?.stop();
  }

  #write(message: unknown): Promise<void> {
    if (this.#process === undefined) return Promise.reject(new AppError('agent-exited', `${this.#title} does not run`));
    return this.#process.write(JSON.stringify(message));
  }

  async #endGracefully(): Promise<void> {
    if (this.#state.turn !== undefined) {
      await this.interrupt().catch(() => {});
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const cancel = this.#settings.clock.after(this.#settings.bounds.settleMs, resolve);
      await Promise.race([this.#turnOver.promise, late]);
      cancel();
    }
    this.#process?.closeInput();
  }

  async #takeExit({ code, signal, lastErrors }: ProcessExit): Promise<void> {
    const expected = this.#isStopping && this.#failure === undefined;
    const said = [this.#odd.said(), ...lastErrors.slice(-5)].filter((text) => text !== '').join('; ');
    const hasSpoken = this.#initialized !== undefined;
    if (!expected) this.#failure ??= toExitFailure({ title: this.#title, code, signal, said, hasSpoken });
    await this.#terminals.closeAll();
    this.#exit({ code, signal, expected });
  }

  #exit(exit: { code: number | null; signal: string | null; expected: boolean }): void {
    const failure = exit.expected || this.#failure === undefined ? {} : { failure: this.#failure };
    this.#conversation.close({ type: 'agent.exited', ...exit, ...failure });
    this.#hasExited = true;
    const { kind = 'agent-exited', message = `${this.#title} has ended` } = this.#failure ?? {};
    const reason = new AppError(kind, message);
    this.#rpc.close(reason);
    this.#ready.reject(reason);
    this.#replayed.resolve();
    this.#turnOver.resolve();
    this.#exited.resolve();
  }
}
