import type { ContentBlock } from '@agentclientprotocol/sdk';
import type { AgentSaid, AgentSession, ApprovalAnswer, Change, OpenOptions, Prompt } from '@baton/core';
import { type Answers, AppError, type Failure, type InputPart, type QuestionId, toAppError } from '@baton/protocol';
import type { AgentProcess, ProcessExit } from '@baton/runner';
import { HeldPrompt } from '../agent/held-prompt.ts';
import { createPathScope } from '../worker/tools/path-scope.ts';
import { answerApproval } from './approve.ts';
import { choose } from './choices.ts';
import { Conversation } from './conversation.ts';
import { CutCalls } from './cut-calls.ts';
import { type Ears, createEars, toProcessEars } from './ears.ts';
import { toExitFailure, toHangFailure } from './exit-failure.ts';
import { initialize } from './initialize.ts';
import { toAgentEnvironment } from './launch.ts';
import { type ObtainedAgent, obtainAgent } from './obtain-agent.ts';
import { toOpenError } from './open-conversation.ts';
import { openSession } from './open-session.ts';
import { followTurn, leaveConversation, prepareResume } from './peculiarities.ts';
import { toPromptBlocks } from './prompt-blocks.ts';
import { answerQuestion } from './question.ts';
import { createRenewal } from './renew-conversation.ts';
import { type RpcChannel, createRpcChannel } from './rpc.ts';
import { createService } from './serve-agent.ts';
import type { AcpSettings } from './settings.ts';
import { type AcpState, type Step, createState } from './state.ts';
import { type TellingAgent, createTelling } from './tell-conversations.ts';
import { type Terminals, createTerminals } from './terminals.ts';
import { applyTerminal } from './tool-call.ts';
import { applyPromptResult, beginTurn, endTurn, goOn, isCut, toNotes } from './turn-end.ts';
import type { WarmAgents } from './warm-agents.ts';
import type { Initialized, RpcOutcome } from './wire.ts';

export interface SessionHooks {
  /** Hears what the agent says of itself, which a look for it cannot find out. */
  onInitialized(initialized: Initialized): AgentSaid;
  onOffer(state: AcpState): void;
}

export interface SessionParts {
  settings: AcpSettings;
  hooks: SessionHooks;
  /** Undefined where no agents wait. */
  warm: WarmAgents | undefined;
}

/** One process of an agent with one conversation. */
export class AcpSession implements AgentSession {
  readonly held: HeldPrompt;
  /** There as soon as the agent said that it can. */
  steer?: (input: readonly InputPart[]) => Promise<void>;
  readonly #options: OpenOptions;
  readonly #settings: AcpSettings;
  readonly #hooks: SessionHooks;
  readonly #warm: WarmAgents | undefined;
  readonly #env: Readonly<Record<string, string>>;
  readonly #rpc: RpcChannel;
  readonly #conversation: Conversation;
  readonly #terminals: Terminals;
  readonly #ears: Ears;
  readonly #telling: TellingAgent;
  readonly #cutCalls: CutCalls;
  readonly #ready = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  #process: AgentProcess | undefined;
  #initialized: Initialized | undefined;
  #isStopping = false;
  #hasExited = false;
  #failure: Failure | undefined;
  #changing: Promise<void> = Promise.resolve();
  #turnOver = Promise.withResolvers<void>();
  readonly #renew = createRenewal(() => this.#opening);

  constructor(options: OpenOptions, { settings, hooks, warm }: SessionParts) {
    this.held = new HeldPrompt(options);
    this.#options = options;
    this.#settings = settings;
    this.#hooks = hooks;
    this.#warm = warm;
    const { definition, clock, serverMarker } = settings;
    const { cwd, model, mode, effort, nativeId } = options;
    this.#env = toAgentEnvironment(definition, settings.env, options.env);
    this.#rpc = createRpcChannel({
      title: definition.title,
      clock,
      write: (line) => this.#write(line),
      hear: (call, signal) => this.#ears.hear(call, signal),
    });
    this.#conversation = new Conversation({
      state: createState({ title: definition.title, cwd, nativeId, model, mode, effort }),
      settings,
      report: (report) => options.report(report),
      reply: (reply) => this.#rpc.reply(reply),
      onRest: () => this.#rest(),
      onHang: (silentMs) => void this.#giveUp(toHangFailure(definition.title, silentMs)),
      onLimit: (limit) => void this.#giveUp(limit),
    });
    this.#cutCalls = new CutCalls({ settings, sessionId: options.sessionId });
    this.#telling = createTelling({
      ...{ settings, options, rpc: this.#rpc, report: (report) => this.#conversation.report(report) },
      isBusy: () =>
        this.held.waiting !== undefined || this.#state.turn !== undefined || this.#isStopping || this.#hasExited,
    });
    const scope = createPathScope(cwd);
    this.#terminals = createTerminals({
      scope,
      env: this.#env,
      marker: { session: options.sessionId, server: serverMarker },
      onOutput: (id, text) => void this.#step((step) => applyTerminal(step, id, { text })),
      onExit: (id, { exitCode }) => void this.#step((step) => applyTerminal(step, id, { exitCode })),
    });
    this.#ears = createEars({
      settings,
      conversation: this.#conversation,
      rpc: this.#rpc,
      serve: createService({ definition, scope, terminals: this.#terminals }),
      hasSpoken: () => this.#initialized !== undefined,
      onNonsense: (failure) => this.#refuse(failure),
    });
    // Whoever waits gets the reason; when nobody does it is told by `agent.exited` alone.
    this.#ready.promise.catch(() => {});
  }

  /** Starts the process behind the caller's back; every outcome is a report. */
  start(): void {
    this.#start().catch((error: unknown) => this.#failStart(toAppError(toOpenError(this.#title, error))));
  }

  async prompt(prompt: Prompt): Promise<void> {
    this.held.hold(prompt);
    await this.#ready.promise;
    // A change that was asked for before the prompt is in force for it. A refused change is told to whoever asked.
    await this.#changing.catch(() => undefined);
    await this.#renew();
    // An interrupt came first; the turn has ended.
    if (!this.held.take(prompt)) return;
    const blocks = this.#toBlocks(prompt.input);
    this.#turnOver = Promise.withResolvers();
    void this.#conversation.apply((state, context) => beginTurn(state, prompt.turnId, context));
    await this.held.send(prompt, () => this.#ask(blocks));
  }

  async #ask(prompt: ContentBlock[]): Promise<void> {
    const { nativeId: sessionId, agent } = this.#state;
    const following = followTurn(agent, { env: this.#env, nativeId: sessionId, clock: this.#settings.clock });
    const toTruth = following === undefined ? undefined : await following;
    // Meanwhile it may have been interrupted.
    if (this.#state.turn?.isInterrupting === true)
      return this.#takeOutcome({ ok: true, result: { stopReason: 'cancelled' } });
    await this.#rpc.call({ method: 'session/prompt', params: { sessionId, prompt } }, (outcome) => {
      const take = (truth: RpcOutcome) => this.#cutCalls.settle(() => this.#takeOutcome(truth));
      if (toTruth === undefined) take(outcome);
      else void toTruth(outcome).then(take);
    });
  }

  #takeOutcome(outcome: RpcOutcome): void {
    // Its program died. What that had started is being ended and says that it was told to stop: the exit says why.
    if (this.#process?.hasExited === true && this.#state.turn?.isInterrupting !== true && isCut(outcome)) return;
    const notes = toNotes(this.#state, outcome);
    void this.#step((step) => (notes === undefined ? applyPromptResult(step, outcome) : goOn(step, outcome)));
    if (notes === undefined) return this.#turnOver.resolve();
    // When it cannot be asked it is gone, and its exit says so.
    this.#ask([{ type: 'text', text: notes }]).catch(() => {});
  }

  async interrupt(): Promise<void> {
    const held = this.held.drop();
    if (held !== undefined) {
      this.#conversation.withdrawPrompts();
      return void this.#conversation.report({ type: 'turn.ended', turnId: held, outcome: 'interrupted' });
    }
    const { turn } = this.#state;
    if (turn === undefined) return;
    // Only a prompt can be cancelled, and some agents take it badly when there is none.
    if (!turn.isPrompted) return void this.#step((step) => endTurn(step, { outcome: 'interrupted' }));
    this.#conversation.change({ turn: { ...turn, isInterrupting: true } });
    this.#cutCalls.note(this.#state);
    await this.#rpc.notify({ method: 'session/cancel', params: { sessionId: this.#state.nativeId } });
    this.#conversation.withdrawPrompts();
    const message = `${this.#title} did not end its turn when it was told to, and was ended. Send a prompt to start it again.`;
    const abandon = () => void this.#abandon({ kind: 'agent-unresponsive', message });
    const cancel = this.#settings.clock.after(this.#settings.bounds.cancelMs, abandon);
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

  /** What it takes to open a conversation. */
  get #opening() {
    const [settings, options, env] = [this.#settings, this.#options, this.#env];
    return { settings, options, env, conversation: this.#conversation, rpc: this.#rpc };
  }

  get #title(): string {
    return this.#settings.definition.title;
  }

  get #state(): AcpState {
    return this.#conversation.state;
  }

  #rest(): void {
    this.#telling?.rest();
    void this.#warm?.refill({ cwd: this.#options.cwd, env: this.#env });
  }

  #step(work: (step: Step) => void): void | Promise<void> {
    return this.#conversation.step(work);
  }

  async #start(): Promise<void> {
    const { nativeId } = this.#options;
    const { definition, clock } = this.#settings;
    await prepareResume(definition, { env: this.#env, nativeId, now: clock.now() });
    const agent = await this.#begin();
    if (agent === undefined) return this.#exit({ code: null, signal: null, expected: true });
    const lastWords = () => this.#ears.lastWords();
    const initialized = (this.#initialized ??= await initialize(this.#rpc, this.#settings, lastWords));
    this.#conversation.change({ agent: initialized.agentInfo?.name ?? '' });
    if (initialized._meta?.steering?.supported === true) this.steer = (input) => this.#steer(input);
    const said = this.#hooks.onInitialized(initialized);
    const version = initialized.agentInfo?.version ?? agent.version ?? 'unknown';
    await openSession({
      ...this.#opening,
      initialized,
      begun: agent.begun && { ...agent.begun, hear: agent.hear },
      // With the conversation's id, which the agent tells no earlier.
      onOpen: (id) =>
        void this.#conversation.report({ type: 'agent.started', pid: agent.process.pid, version, nativeId: id }),
    });
    this.#hooks.onOffer(this.#state);
    this.#ready.resolve();
    void this.#conversation.report({ type: 'agent.told', said });
    this.#telling.begin(said);
  }

  async #begin(): Promise<ObtainedAgent | undefined> {
    const ears = toProcessEars(this.#ears, (exit) => void this.#takeExit(exit));
    const agent = await obtainAgent({ ...this.#opening, ears, warm: this.#warm, isWanted: () => !this.#isStopping });
    this.#process = agent?.process;
    this.#initialized = agent?.initialized;
    if (agent?.begun === undefined) agent?.hear();
    if (this.#isStopping) void this.#process?.stop();
    return agent;
  }

  #choose(change: Change): Promise<void> {
    return choose({ ...this.#opening, timeoutMs: this.#settings.bounds.requestMs }, change);
  }

  async #steer(input: readonly InputPart[]): Promise<void> {
    if (this.#state.turn?.isPrompted !== true)
      throw new AppError('turn-not-running', `${this.#title} has no turn that something could be added to`);
    const params = { sessionId: this.#state.nativeId, prompt: this.#toBlocks(input) };
    await this.#rpc.request({ method: '_session/steering', params }, { timeoutMs: this.#settings.bounds.requestMs });
  }

  #toBlocks(input: readonly InputPart[]): ContentBlock[] {
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

  #refuse(failure: Failure): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    void this.#process?.stop();
  }

  // Interrupts a turn whose model hangs; an agent that does not even take that is ended.
  async #giveUp(failure: Failure): Promise<void> {
    const { turn } = this.#state;
    if (turn !== undefined) this.#conversation.change({ turn: { ...turn, failure } });
    await this.interrupt().catch(() => this.#abandon(failure));
  }

  async #abandon(failure: Failure): Promise<void> {
    this.#failure ??= this.#state.turn?.failure ?? failure;
    void this.#step((step) => endTurn(step, { outcome: 'failed', error: this.#failure ?? failure }));
    await this.#process?.stop();
  }

  #write(line: string): Promise<void> {
    if (this.#process === undefined) return Promise.reject(new AppError('agent-exited', `${this.#title} does not run`));
    return this.#process.write(line);
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
    const said = [this.#ears.said(), ...lastErrors.slice(-5)].filter((text) => text !== '').join('; ');
    const hasSpoken = this.#initialized !== undefined;
    if (!expected) this.#failure ??= toExitFailure({ title: this.#title, code, signal, said, hasSpoken });
    await this.#terminals.closeAll();
    const { definition, clock } = this.#settings;
    await leaveConversation(definition, { env: this.#env, nativeId: this.#state.nativeId, now: clock.now() });
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
    this.#turnOver.resolve();
    this.#exited.resolve();
  }
}
