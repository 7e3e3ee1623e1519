import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentSession, ApprovalAnswer, Change, OpenOptions, Prompt } from '@baton/core';
import { type Answers, AppError, type Failure, type InputPart, type QuestionId, toAppError } from '@baton/protocol';
import { endMarked, isNotWritten, NotWritten } from '@baton/runner';
import { HeldPrompt } from '../agent/held-prompt.ts';
import { runStep } from '../agent/step.ts';
import type { AppServer } from './app-server.ts';
import type { Listener } from './listener.ts';
import type { AppServers, Lease } from './app-servers.ts';
import { type Reply, answerApproval } from './approve.ts';
import { Conversation } from './conversation.ts';
import { decline } from './decline.ts';
import { endThreads, isSettled } from './end-work.ts';
import { toLostFailure } from './exit-failure.ts';
import { tellForeignStance } from './foreign-settings.ts';
import { toJoin } from './launch.ts';
import { checkMode } from './modes.ts';
import { type MountPoints, watchMountPoints } from './mount-points.ts';
import { loadOffer } from './offer.ts';
import { type OpenedThread, openThread } from './open-thread.ts';
import { isCommand, toRequest } from './prompt-input.ts';
import { answerQuestion } from './question.ts';
import { changeTurn, steerTurn } from './running-turn.ts';
import { NO_SANDBOX } from './sandbox.ts';
import { sendReplies } from './send-replies.ts';
import type { CodexSettings } from './settings.ts';
import type { Step } from './state.ts';
import { translate, translateRequest } from './translate.ts';
import { readTrust } from './trust.ts';
import { tellWhatIsLeft } from './what-is-left.ts';
import { TurnEnding } from './turn-ending.ts';
import { beginTurn, endTurn, settleTurn } from './turn-end.ts';
import { completeChoice, definedOnly, toNativeTurn, toTurnRequest } from './turn-request.ts';
import {
  type ConversationEnd,
  type Notice,
  type RequestId,
  type ServerRequest,
  isConversationEnd,
  isAnswer,
} from './wire.ts';

/** One conversation with Codex, in a process that it may share with others. */
export class CodexSession implements AgentSession, Listener {
  readonly held: HeldPrompt;
  readonly #options: OpenOptions;
  readonly #settings: CodexSettings;
  readonly #servers: AppServers;
  readonly #conversation: Conversation;
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #startup: Promise<void> = Promise.resolve();
  /** Resolves when what Codex offers is known, for which no words wait. */
  #offered: Promise<void> = Promise.resolve();
  /** Resolves when the model has begun to answer the first prompt. */
  readonly #answering = Promise.withResolvers<void>();
  #lease: Lease | undefined;
  #mountPoints: MountPoints | undefined;
  /** What is in force from the next turn on. */
  #choice: Change;
  #wasPlan = false;
  #isStopping = false;
  #isLeaving = false;
  /** Of the last turn that was asked for here. */
  #askedMode: string | undefined;
  #prompting: Promise<void> = Promise.resolve();
  #sending: Promise<void> = Promise.resolve();
  readonly #ending: TurnEnding;

  readonly #request = (method: string, params: unknown): Promise<unknown> => {
    if (this.#lease === undefined || this.#conversation.hasEnded)
      return Promise.reject(new NotWritten('Codex has ended'));
    return this.#lease.server.request(method, params);
  };

  constructor(options: OpenOptions, settings: CodexSettings, servers: AppServers) {
    this.held = new HeldPrompt(options);
    this.#options = options;
    this.#settings = settings;
    this.#servers = servers;
    const { model, mode, effort } = options;
    this.#choice = { model, mode, effort };
    this.#conversation = new Conversation(options, settings, (failure) => void this.#failTurn(failure));
    this.#ending = new TurnEnding({
      ...{ conversation: this.#conversation, clock: settings.clock },
      request: this.#request,
      endProcesses: (variable) => this.#endProcesses(variable),
      clean: () => this.#mountPoints?.clean(),
    });
    // Whoever waits gets the reason; when nobody does it is told by `agent.exited` alone.
    this.#ready.promise.catch(() => {});
  }

  /** Starts behind the caller's back; every outcome is a report. */
  start(): void {
    this.#startup = this.#start().catch((error: unknown) => this.#failStart(toAppError(error)));
  }

  prompt(prompt: Prompt): Promise<void> {
    this.held.hold(prompt);
    this.#prompting = this.#prompt(prompt);
    return this.#prompting;
  }

  async #prompt(prompt: Prompt): Promise<void> {
    await this.#ready.promise;
    // An interrupt came first; the turn has ended.
    if (!this.held.take(prompt)) return;
    void this.#conversation.apply((state, context) => beginTurn(state, prompt.turnId, context));
    this.#sending = this.#send(prompt);
    await this.#sending;
  }

  async interrupt(): Promise<void> {
    const held = this.held.drop();
    if (held !== undefined) {
      void this.#conversation.report({ type: 'turn.ended', turnId: held, outcome: 'interrupted' });
      return;
    }
    this.#ending.hurry();
    if (this.#conversation.state.turn === undefined || this.#ending.isCutting) return;
    this.#conversation.change({ turn: { ...this.#conversation.state.turn, isInterrupting: true } });
    await this.#sending;
    await this.#ending.cut();
  }

  answerApproval(answer: ApprovalAnswer): Promise<void> {
    return this.#answer((step) => answerApproval(step, answer));
  }

  answerQuestion(answer: { questionId: QuestionId; answers: Answers }): Promise<void> {
    return this.#answer((step) => answerQuestion(step, answer));
  }

  /** Holds from the next turn on, which is when Codex reads it; a running turn takes model and effort where it can. */
  async configure(change: Change): Promise<void> {
    if (change.mode !== undefined) checkMode(change.mode);
    await this.#ready.promise;
    this.#choice = { ...this.#choice, ...definedOnly(change) };
    await changeTurn(this.#conversation, this.#request, change);
  }

  async steer(input: readonly InputPart[]): Promise<void> {
    await this.#ready.promise;
    await this.#sending;
    await steerTurn(this.#conversation, this.#request, input);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.race([this.#startup, sleep(LEAVE_MS, undefined, { ref: false })]);
    if (!this.#conversation.hasEnded) await this.#leave();
    this.#exit({ code: 0, signal: null, expected: true });
  }

  take(notice: Notice): void | Promise<void> {
    const { threadId } = this.#conversation.state;
    this.#conversation.see(notice);
    if (isAnswer(notice)) this.#answering.resolve();
    const isOwn = 'threadId' in notice.params && notice.params.threadId === threadId;
    if (isOwn && isConversationEnd(notice)) return this.#lose(notice.method);
    if (isOwn && this.#takeOwn(notice)) return undefined;
    const wait = this.#conversation.apply((state, context) => translate(state, notice, context));
    this.#ending.look();
    return wait;
  }

  /** True: nothing is left to say of it, or not yet. */
  #takeOwn(notice: Notice): boolean {
    if (notice.method === 'turn/started') this.#ending.hurry();
    if (notice.method === 'turn/completed') return this.#ending.hold(notice);
    // The turn that it cut off ends first.
    if (notice.method === 'thread/reverted')
      void this.#ending.done.then(() => tellWhatIsLeft(this.#conversation, this.#request, 'somebody-went-back'));
    if (notice.method !== 'thread/settings/updated') return false;
    const ours = { modes: [this.#choice.mode, this.#askedMode], canSandbox: this.#lease?.canSandbox !== false };
    tellForeignStance(this.#conversation, notice.params.threadSettings, ours);
    return true;
  }

  takeRequest(requestId: RequestId, request: ServerRequest): void | Promise<void> {
    let isRefused = false;
    const wait = this.#conversation.apply((state, context) => {
      const translation = translateRequest(state, { requestId, request }, context);
      ({ isRefused } = translation);
      return translation;
    });
    if (isRefused) this.#conversation.tell('info', decline(this.#lease?.server, requestId, request));
    return wait;
  }

  takeUnknown(payload: unknown): void | Promise<void> {
    return this.#conversation.report({ type: 'raw.received', source: 'codex', payload });
  }

  touch(): void {
    this.#conversation.touch();
  }

  takeLog(text: string): void {
    void this.#conversation.report({ type: 'agent.output', stream: 'stderr', text });
  }

  takeExit({ code, signal, failure }: { code: number | null; signal: string | null; failure: Failure }): void {
    this.#exit({ code, signal, expected: this.#isStopping, failure });
  }

  async #start(): Promise<void> {
    const { cwd, env } = this.#options;
    const trust = readTrust(cwd);
    const lease = await this.#servers.lease(this, env);
    this.#lease = lease;
    if (this.#conversation.hasEnded) return this.#servers.release(lease.server, this);
    if (this.#isStopping) return;
    const { server } = lease;
    // The folders for temporary files are open to its sandbox like the session's own.
    this.#mountPoints = watchMountPoints([cwd, env['TMPDIR'] ?? tmpdir(), '/tmp']);
    const { serverMarker } = this.#settings;
    const opened = await openThread({ ...lease, options: this.#options, serverMarker, trust });
    const { threadId: nativeId } = opened;
    const { pid, version, remote } = server;
    this.#conversation.change({ threadId: nativeId });
    void this.#conversation.report({ type: 'agent.started', pid, version, nativeId, ...toJoin(remote, nativeId) });
    server.own(nativeId, this);
    this.#introduce(opened);
    this.#offered = this.#offer(server);
    this.#ready.resolve();
  }

  // A prompt that waits goes before what is only to be shown, which would keep Codex from asking the model.
  async #offer(server: AppServer): Promise<void> {
    const held = this.held.waiting;
    if (held !== undefined && !isCommand(held.input)) {
      await this.#prompting.catch(() => undefined);
      await Promise.race([this.#answering.promise, sleep(OFFER_AFTER_MS, undefined, { ref: false })]);
      if (this.#conversation.hasEnded) return;
    }
    const { cwd, nativeId, branch } = this.#options;
    if (nativeId !== undefined && branch === undefined)
      void tellWhatIsLeft(this.#conversation, this.#request, 'opened');
    this.#conversation.offer(await loadOffer(server, cwd));
  }

  #introduce(opened: OpenedThread): void {
    const { choice, told } = completeChoice(this.#choice, opened);
    this.#choice = choice;
    if (Object.keys(told).length > 0)
      void this.#conversation.report({ type: 'session.configured', ...told, by: 'agent' });
    if (this.#lease?.canSandbox === false) this.#conversation.tell('warning', NO_SANDBOX);
  }

  #failStart(error: AppError): void {
    const failure = { kind: error.kind, message: `Cannot start Codex: ${error.message}` };
    if (this.#lease !== undefined) this.#servers.release(this.#lease.server, this);
    this.#exit({ code: null, signal: null, expected: this.#isStopping, failure });
  }

  // A prompt that Codex does not take is a turn that failed.
  async #send(prompt: Prompt): Promise<void> {
    try {
      const nativeId = await this.#begin(prompt);
      const { turn } = this.#conversation.state;
      if (turn?.turnId === prompt.turnId && turn.nativeId === undefined)
        this.#conversation.change({ turn: { ...turn, nativeId } });
    } catch (cause) {
      if (isNotWritten(cause)) throw cause;
      const { kind, message } = toAppError(cause);
      const error = { kind, message: `Codex did not take the prompt: ${message}. Send it again.` };
      void this.#conversation.apply((state, context) => settleTurn(state, { outcome: 'failed', error }, context));
    }
  }

  async #begin(prompt: Prompt): Promise<string | undefined> {
    const { input } = prompt;
    if (isCommand(input)) await this.#offered;
    const { threadId, offer } = this.#conversation.state;
    const choice = { ...this.#choice, canSandbox: this.#lease?.canSandbox !== false, wasPlan: this.#wasPlan };
    const { method, params } = toTurnRequest(threadId, toRequest(input, offer.skills), choice);
    if (method === 'turn/start') {
      this.#wasPlan = choice.mode === 'plan';
      this.#askedMode = choice.mode;
    }
    return toNativeTurn(await this.held.send(prompt, () => this.#request(method, params)));
  }

  async #failTurn(failure: Failure): Promise<void> {
    const { turn } = this.#conversation.state;
    if (turn === undefined) return;
    this.#conversation.change({ turn: { ...turn, failure } });
    await this.interrupt().catch(() => undefined);
    this.#settings.clock.after(this.#settings.bounds.requestMs, () => {
      if (this.#conversation.state.turn?.failure !== failure) return;
      void this.#conversation.apply((state, context) =>
        runStep(state, context, (step) => endTurn(step, { outcome: 'failed' })),
      );
      void this.#leave().then(() => this.#exit({ code: null, signal: null, expected: false, failure }));
    });
  }

  async #answer(take: (step: Step) => Reply): Promise<void> {
    const replies: Reply[] = [];
    void this.#conversation.apply((state, context) => runStep(state, context, (step) => replies.push(take(step))));
    await sendReplies(replies, { server: this.#lease?.server, threadId: this.#conversation.state.threadId });
  }

  // Unless it was asked for here.
  #lose(how: ConversationEnd['method']): void {
    this.#closed.resolve();
    if (this.#isLeaving || this.#isStopping) return;
    const exit = { code: null, signal: null, expected: false, failure: toLostFailure(how) };
    void this.#leave().finally(() => this.#exit(exit));
  }

  /** Ends what this conversation runs and lets go of the process, which others may use. */
  async #leave(): Promise<void> {
    this.#isLeaving = true;
    const lease = this.#lease;
    if (lease === undefined) return;
    const { server } = lease;
    const isDone = await isSettled(this.#endThreads(server), LEAVE_MS);
    this.#servers.release(server, this);
    // A process that does not even answer to that is of no use to anybody, and is ended first: it takes its tools along.
    if (!isDone) await server.stop();
    await this.#endProcesses();
  }

  async #endThreads(server: AppServer): Promise<void> {
    if (this.#conversation.state.turn !== undefined) await this.interrupt().catch(() => undefined);
    await endThreads(server, this, { threadId: this.#conversation.state.threadId, closed: this.#closed.promise });
  }

  async #endProcesses(variable?: string): Promise<void> {
    const { serverMarker: server, bounds } = this.#settings;
    await endMarked({ marker: { server, session: this.#options.sessionId, variable }, bounds: bounds.stop });
  }

  #exit(exit: { code: number | null; signal: string | null; expected: boolean; failure?: Failure }): void {
    this.#mountPoints?.clean();
    this.#conversation.end(exit);
    const { kind = 'agent-exited', message = 'Codex has ended' } = exit.failure ?? {};
    this.#ready.reject(new AppError(kind, message));
  }
}

/** Codex is busy with a prompt for some 60 ms before the model has it, and most models do not answer before this. */
const OFFER_AFTER_MS = 250;

// With what it takes to end a process that hangs, within the bound of `docs/promises.md`.
const LEAVE_MS = 2500;
