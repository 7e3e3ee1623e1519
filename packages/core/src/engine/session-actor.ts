import {
  AppError,
  type Failure,
  invariant,
  type RecordedEvent,
  type SessionId,
  type SessionView,
  toAppError,
  toProblem,
  type TurnId,
} from '@baton/protocol';
import type { AgentHost, AgentLink } from '../ports/agent-host.ts';
import type { ItemDelta } from '../ports/backend.ts';
import type { AgentTold } from '../ports/conversation-keeper.ts';
import { toListedView, toSessionView } from '../projection/session-view.ts';
import { decide } from '../session/decide.ts';
import type { DecisionContext, EndedTurn, SessionSettleCommand, SessionSleepCommand } from '../session/decision.ts';
import type { SessionState } from '../session/state.ts';
import { toDecisionContext } from './decision-context.ts';
import { describeAgent } from './describe-agent.ts';
import { createDraftJournal, type DraftJournal } from './draft-journal.ts';
import type { Admission } from './admission.ts';
import { AgentPlace } from './agent-place.ts';
import { toApplicant } from './applicant.ts';
import type { BackendBreakers } from './backend-breakers.ts';
import type { EngineOptions } from './engine-options.ts';
import type { Receipt } from './engine.ts';
import { findEndedTurn } from './find-ended-turn.ts';
import { adoptSurvivor, findHeard } from './adopt-survivor.ts';
import { insist } from './insist.ts';
import { isAtWork } from './is-at-work.ts';
import { type CommandRequest, JobQueue } from './job-queue.ts';
import { NOT_DELETED, RESTARTED, SHUTTING_DOWN, STOPPED } from './left-behind.ts';
import { react } from './react.ts';
import { toResult } from './receipt-result.ts';
import { ReportRecorder } from './report-recorder.ts';
import { createSessionFeed, type SessionFeed } from './session-feed.ts';
import { type Plan, SessionLog, type Step } from './session-log.ts';
import type { Activity } from './rest-policy.ts';
import { SessionPulse } from './session-pulse.ts';
import { UnwrittenStop } from './unwritten-stop.ts';

export interface SessionActorOptions extends Pick<EngineOptions, 'store' | 'clock' | 'beforeTurn'> {
  sessionId: SessionId;
  host: AgentHost;
  /** The real path of a folder that a session may work in; throws an `AppError` when it may not. */
  resolveFolder(path: string): Promise<string>;
  /** After every append, with the events and the view they lead to. */
  onChange(view: SessionView, recorded: readonly RecordedEvent[]): void;
  /** What is shown of the session beside its log has changed. */
  onShown(sessionId: SessionId): void;
  /** Its agent said something that belongs to no session. */
  onTold(backend: string, told: AgentTold): void;
  onFault(error: unknown): void;
  admission: Admission;
  breakers: BackendBreakers;
  chance(): number;
}

/**
 * One session, alive: everything that happens to it goes through its one queue, in order, and is durable before anybody
 * hears of it. Load it with `load()` before use.
 */
export class SessionActor {
  readonly #options: SessionActorOptions;
  readonly #log: SessionLog;
  readonly #queue: JobQueue;
  readonly #link: AgentLink;
  readonly #journal: DraftJournal;
  readonly #place: AgentPlace;
  readonly pulse: SessionPulse;
  readonly #recorder: ReportRecorder;
  readonly #unwritten = new UnwrittenStop(this, () => this.#options);
  #feed: SessionFeed | undefined;
  /** Why no command is taken and no agent is asked for anything any more. */
  #closing: AppError | undefined;
  #removal: Promise<void> | undefined;
  /** The log tells of an agent that is not there: said, and settled, before the next command. */
  #left: Pick<SessionSettleCommand, 'failure' | 'heard'> | undefined;
  lastUsed = 0;

  constructor(options: SessionActorOptions) {
    const { sessionId, store, clock, onFault, beforeTurn } = options;
    this.#options = options;
    this.#log = new SessionLog({ sessionId, store, clock });
    this.#journal = createDraftJournal({ sessionId, store, clock, drafts: this.#log.drafts, onFault });
    this.#queue = new JobQueue({
      run: (request) => this.#run(request),
      record: (reports) => this.#recorder.record(reports).finally(() => this.#place.tidy(this.#link.live)),
      stream: (delta) => this.#stream(delta),
      onFault,
    });
    this.#place = new AgentPlace({ ...options, onGrant: () => this.#admit() });
    this.#recorder = new ReportRecorder({
      ...{ clock, onFault, log: this.#log, place: this.#place },
      context: () => this.#context('agent'),
      publish: (steps) => this.#publish(steps),
      onRecorded: (mark) => this.#link.recorded(mark),
      onBlocked: (fault) => this.#queue.refuseWaiting(fault),
    });
    this.pulse = new SessionPulse(clock, () => options.onShown(sessionId));
    this.#link = options.host.link({
      sessionId,
      backend: () => this.#log.requireOpen().backend,
      describe: () => describeAgent(this.#log, options),
      report: (report, mark) => {
        if (report.type === 'agent.told') return options.onTold(this.#log.requireOpen().backend, report);
        this.pulse.heard();
        return this.#queue.take(report, mark);
      },
      restart: (turnId) => this.#restart(turnId),
      beforeTurn: beforeTurn && ((turnId) => beforeTurn({ sessionId, turnId, cwd: this.#log.requireOpen().cwd })),
    });
  }

  async load(): Promise<void> {
    await this.#log.load();
    const { drafts, seq } = this.#log;
    this.#feed = createSessionFeed({ ...this.#options, drafts, seq });
    if (!this.#busy) return;
    const parts = { ...this.#options, place: this.#place, link: this.#link };
    // An agent is older than its actor only if it outlived the server that asked for it.
    if (await adoptSurvivor(this.#log, parts)) return;
    this.#left = { failure: RESTARTED, heard: await findHeard(this.#log, this.#options.host) };
  }

  get feed(): SessionFeed {
    invariant(this.#feed !== undefined, 'a session is loaded before use');
    return this.#feed;
  }

  get state(): SessionState {
    return this.#log.state;
  }

  get live(): boolean {
    return this.#link.live;
  }

  /** The agent was asked for, and waits for its place. */
  get waits(): boolean {
    return this.#place.waits;
  }

  get activity(): Activity {
    return this.pulse.toActivity(this.#log.state, this.feed.unwatchedSince);
  }

  /** Ends the agent if it has nothing to do; resolves with whether it had not. */
  async sleep(reason: SessionSleepCommand['reason']): Promise<boolean> {
    const receipt = await this.execute({ command: { type: 'session.sleep', reason }, by: 'baton' });
    return receipt.ok && this.#log.requireOpen().agent.phase === 'stopping';
  }

  /** Ends an agent that may not go on: its turn fails for this reason. False: there is none to end. */
  failAgent(failure: Failure): boolean {
    return this.#closing === undefined && isAtWork(this.#log.state) && this.#link.fail(failure);
  }

  /** Nothing runs, nobody listens, nothing waits: the actor can be forgotten. */
  get dispensable(): boolean {
    return !this.live && !this.waits && !this.#queue.busy && (this.#feed?.size ?? 0) === 0;
  }

  get #busy(): boolean {
    const { state } = this.#log;
    return state.status === 'open' && (state.agent.phase !== 'down' || state.turn !== undefined);
  }

  execute(request: CommandRequest): Promise<Receipt> {
    if (request.commandId !== undefined) this.pulse.asked();
    const refusal = this.#recorder.refuse(request);
    const receipt = refusal === undefined ? this.#queue.submit(request) : Promise.resolve(refusal);
    return receipt.then((each) => this.#unwritten.see(request, each));
  }

  /** Settles what an earlier life of the server left open, unless its agent is still at work; queued turns go on. */
  recover(): Promise<Receipt> {
    if (this.live) return Promise.resolve({ ok: true, result: null });
    return this.#settle(this.#left ?? { failure: RESTARTED }, { resume: true });
  }

  /** Ends the agent for a server that stops. With turns waiting, the next life of the server settles and goes on. */
  async shutDown(): Promise<void> {
    await this.#close(SHUTTING_DOWN);
    const waits = this.#log.state.status === 'open' && this.#log.state.queue.length > 0;
    if (!this.#busy || waits || this.#recorder.blocked !== undefined) return;
    await this.#settle({ failure: STOPPED }, { resume: false });
  }

  /** Lets the agent work on without this process, if it can. What it has said so far is in the log then. */
  leave(): Promise<void> {
    return this.#close(SHUTTING_DOWN, 'leave');
  }

  /** Ends the agent, deletes the session and tells who listens. When the store cannot, the session stays, without agent. */
  remove(): Promise<void> {
    this.#removal ??= this.#remove().finally(() => {
      this.#removal = undefined;
    });
    return this.#removal;
  }

  async #remove(): Promise<void> {
    const { sessionId, store } = this.#options;
    const gone = new AppError('not-found', `There is no session "${sessionId}"`);
    await this.#close(gone);
    try {
      await store.deleteSession(sessionId);
    } catch (error) {
      this.#closing = undefined;
      this.#recorder.reopen();
      if (this.#busy) {
        this.#left = { failure: NOT_DELETED };
        void this.#settle(this.#left, { resume: false });
      }
      throw error;
    }
    this.feed.end({ type: 'error', sessionId, error: toProblem(gone) });
  }

  // After this no append is under way and no agent can be started by one.
  async #close(reason: AppError, agent: 'abandon' | 'leave' = 'abandon'): Promise<void> {
    this.#closing = reason;
    this.#recorder.close();
    await this.#link[agent]();
    this.#place.free();
    await this.#queue.idle();
    await this.#journal.flush();
  }

  #settle(left: Pick<SessionSettleCommand, 'failure' | 'heard'>, how: { resume: boolean }): Promise<Receipt> {
    return this.execute({ command: { type: 'session.settle', ...left, ...how }, by: 'baton' });
  }

  async #run(request: CommandRequest): Promise<Receipt> {
    try {
      return await this.#obey(request);
    } catch (error) {
      const fault = toAppError(error);
      if (fault.kind === 'internal') this.#options.onFault(error);
      return { ok: false, error: toProblem(fault) };
    } finally {
      this.#place.tidy(this.#link.live);
    }
  }

  async #obey(request: CommandRequest): Promise<Receipt> {
    const { command, whileTurn } = request;
    if (command.type !== 'session.settle') await this.#prepare();
    const before = this.#log.state;
    if (whileTurn !== undefined && (before.status === 'none' || before.turn?.turnId !== whileTurn)) {
      return { ok: true, result: null };
    }
    if (command.type === 'session.admit' && !this.#place.isGranted) return { ok: true, result: null };
    const decision = decide(before, command, await this.#contextOf(request));
    if (!decision.ok) return await this.#refuse(request, new AppError(decision.kind, decision.detail));
    const plan = this.#log.plan(decision.events, before, request.past?.times);
    invariant(plan.next.status === 'open', 'an accepted command leaves a session behind');
    const outcome = { command, events: decision.events, before, after: plan.next };
    const receipt: Receipt = { ok: true, result: toResult(outcome) };
    await this.#append(plan, request, receipt);
    this.#conclude(command);
    return receipt;
  }

  #conclude({ type }: CommandRequest['command']): void {
    if (type === 'session.settle') this.#left = undefined;
    // Who asks is not kept waiting for what went wrong before.
    if (type === 'session.start' || type === 'turn.start') this.#place.hurry();
  }

  // What a command can count on: the actor takes commands, and the log tells of no agent that is not there.
  async #prepare(): Promise<void> {
    if (this.#closing !== undefined) throw this.#closing;
    if (this.#left === undefined) return;
    const command: SessionSettleCommand = { type: 'session.settle', ...this.#left, resume: true };
    const decision = decide(this.#log.state, command, await this.#contextOf({ command, by: 'baton' }));
    if (decision.ok) this.#publish(await this.#log.append(this.#log.plan(decision.events)));
    this.#left = undefined;
  }

  // A refusal is kept too: the same command id must get the same answer later, when the state has changed.
  async #refuse(request: CommandRequest, error: AppError): Promise<Receipt> {
    const receipt: Receipt = { ok: false, error: toProblem(error) };
    if (this.#log.state.status === 'open') await this.#append(this.#log.plan([]), request, receipt);
    return receipt;
  }

  async #append(plan: Plan, { command, commandId, digest, past }: CommandRequest, receipt: Receipt): Promise<void> {
    const stored = digest === undefined ? receipt : { ...receipt, digest };
    const steps = await this.#log.append(plan, {
      ...(commandId === undefined ? {} : { receipt: { commandId, receipt: stored } }),
      ...(command.type === 'session.create' ? { env: command.env } : {}),
      ...(past?.env === undefined ? {} : { env: past.env }),
    });
    // Before what waited for it is asked of it.
    if (command.type === 'session.admit' && this.#place.admit()) {
      this.#link.perform({ type: 'start' }, this.#log.seq - steps.length);
    }
    this.#publish(steps);
  }

  #publish(steps: readonly Step[]): void {
    const last = steps.at(-1);
    if (last === undefined) return;
    const recorded = steps.map((step) => step.recorded);
    this.feed.publish(recorded);
    this.#options.onChange(toListedView(toSessionView(last.after)), recorded);
    for (const { before, recorded: each, after } of steps) {
      this.#place.observe(each.event, this.#link.live);
      const effect = before.status === 'open' ? react(before, each.event, after) : undefined;
      if (effect === undefined || this.#closing !== undefined) continue;
      if (effect.type !== 'start' || this.#place.begin()) this.#link.perform(effect, each.seq);
    }
  }

  #stream(delta: ItemDelta): void {
    const offset = this.#log.drafts.append(delta);
    if (offset === undefined || delta.text === '') return;
    this.feed.publishDelta({ itemId: delta.itemId, field: delta.field, offset, text: delta.text });
    this.#journal.touch();
  }

  // Both are queued at once, so that the start is known before the end of the process is.
  #restart(turnId: TurnId): void {
    const ask = (type: 'session.stop' | 'session.start') =>
      this.execute({ command: { type, sessionId: this.#options.sessionId }, by: 'baton', whileTurn: turnId });
    this.#insist(() => Promise.all([ask('session.stop'), ask('session.start')]));
  }

  // It has its place: it is opened, and what waits for it begins.
  #admit(): void {
    this.#insist(async () => [await this.execute({ command: { type: 'session.admit' }, by: 'baton' })]);
  }

  #insist(ask: () => Promise<Receipt[]>): void {
    void insist(ask, { clock: this.#options.clock, isOver: () => this.#closing !== undefined });
  }

  async #contextOf(request: CommandRequest): Promise<DecisionContext> {
    const { by, via, command } = request;
    const applicant = toApplicant(this.#options.sessionId, this.#log.state, request);
    const context = { ...this.#context(by), mayStart: applicant === undefined || this.#place.take(applicant) };
    const endedTurn = command.type === 'session.rewind' ? await this.findEndedTurn(command.turnId) : undefined;
    return { ...context, via: via ?? 'user', endedTurn };
  }

  /** A turn of the conversation that has ended; without an id the last one. */
  async findEndedTurn(turnId?: TurnId): Promise<EndedTurn | undefined> {
    if (this.#log.state.status === 'none') return undefined;
    return findEndedTurn(this.#log.history(), turnId);
  }

  history(): AsyncIterable<RecordedEvent> {
    return this.#log.history();
  }

  #context(by: string): DecisionContext {
    return toDecisionContext(this.#options.sessionId, by, { log: this.#log, place: this.#place });
  }
}
