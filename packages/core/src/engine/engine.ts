import type {
  AgentQueue,
  ApprovalView,
  BackendView,
  Command,
  CommandId,
  DeltaFrame,
  EventFrame,
  EventOf,
  Failure,
  CaughtUpFrame,
  ErrorFrame,
  Problem,
  QuestionView,
  RecordedEvent,
  ResetFrame,
  SessionEvent,
  SessionId,
  SessionView,
  TopicFrame,
  TopicName,
} from '@baton/protocol';
import type { InboxQuery, Page, ReadOptions, SessionQuery } from '../ports/event-store.ts';
import type { AgentTold } from '../ports/conversation-keeper.ts';
import type { NotedEvent } from '../session/decision.ts';

/** Who asks. `by` in events is the id. */
export interface Actor {
  id: string;
  name: string;
  /** Whether a person answers an approval, or a rule in their name; default: a person. */
  via?: 'user' | 'policy';
}

/** Hears of every append once it is durable, with the session's short view after it. Must be quick. */
export type RecordedListener = (recorded: readonly RecordedEvent[], view: SessionView) => void;

/** Hears of what an agent told that belongs to no session. Must be quick. */
export type ToldListener = (backend: string, told: AgentTold) => void;

/** A conversation that began elsewhere. */
export interface ImportedSession {
  sessionId: SessionId;
  created: EventOf<'session.created'>;
  /** What happened, oldest first: whole turns of the kinds that `StoredSession` has. */
  past: readonly { at: string; event: SessionEvent }[];
  env: Record<string, string>;
}

/** What was said in a session's conversation outside Baton, while its agent did not run. */
export interface MissedPast {
  /** The conversation it was said in. */
  nativeId: string;
  /** The session's last event when this was chosen. */
  seq: number;
  /** As an import has it; turns that the session has already are left out. */
  past: ImportedSession['past'];
}

export type Receipt = { ok: true; result: unknown } | { ok: false; error: Problem };

export type SessionFrame = EventFrame | DeltaFrame | CaughtUpFrame | ResetFrame | ErrorFrame;

/**
 * Where a subscription delivers.
 *
 * `send` takes one frame and answers whether it has room for more. After `false` the engine sends nothing: it drops what
 * comes and, when `drained` of the subscription is called, reads on from the log where this consumer stopped.
 */
export interface FrameSink<F> {
  send(frame: F): boolean;
}

export interface Subscription {
  /** The consumer has room again. */
  drained(): void;
  close(): void;
}

/**
 * The one thing that runs sessions: commands in, events out.
 *
 * - `execute` never throws for what the caller did wrong: that is a receipt with a problem. A receipt that says ok is durable.
 *   The same command id gives the same receipt and has no second effect; with another command it is a `conflict`.
 * - Results: `session.create` -> the `SessionView` (with `sessionId` beside `id`); `turn.start` -> `{turnId, state}`;
 *   `session.fork` -> the `SessionView` of the new session; `approval.answer` -> the `ApprovalView`; `question.answer` -> the `QuestionView`; all others -> the `SessionView`.
 * - `subscribe` gives events after `after` in order, `caught-up`, then live ones and deltas; open items first send their text so far.
 */
export interface Engine {
  execute(command: Command, options: { commandId: CommandId; actor: Actor }): Promise<Receipt>;
  /** The whole view; those of lists, topics and receipts leave out what the agent offers and queued images. */
  readView(sessionId: SessionId): Promise<SessionView | undefined>;
  /** The view as lists have it; cheap, also for a session that sleeps. */
  readShortView(sessionId: SessionId): Promise<SessionView | undefined>;
  listSessions(query: SessionQuery): Promise<Page<SessionView>>;
  readEvents(sessionId: SessionId, options: ReadOptions): Promise<{ events: RecordedEvent[]; seq: number }>;
  listApprovals(query: InboxQuery): Promise<Page<ApprovalView>>;
  listQuestions(query: InboxQuery): Promise<Page<QuestionView>>;
  /** `refresh`: look anew, for all of them or for the one with this id. */
  listBackends(options?: { refresh?: boolean | string }): Promise<BackendView[]>;
  /** For an unknown session the sink gets an `error` frame of kind `not-found` and the subscription is closed. */
  subscribe(options: { sessionId: SessionId; after: number; sink: FrameSink<SessionFrame> }): Subscription;
  watch(options: { topic: TopicName; sink: FrameSink<TopicFrame> }): Subscription;
  /** The returned function ends it. */
  onRecorded(listener: RecordedListener): () => void;
  /** After a session was deleted. The returned function ends it. */
  onDeleted(listener: (sessionId: SessionId) => void): () => void;
  /** What an agent said of itself is learnt before its listeners hear of it. The returned function ends it. */
  onTold(listener: ToldListener): () => void;
  /** Adds what a feature has to say to a session's log. */
  note(sessionId: SessionId, event: NotedEvent): Promise<Receipt>;
  /** Makes a session with a past; its agent starts with the first prompt. The result is the `SessionView`. */
  importSession(session: ImportedSession, options: { commandId: CommandId; actor: Actor }): Promise<Receipt>;
  /** Ends its agent, if that has nothing to do, because its conversation went on elsewhere; false: it had something to do. */
  letGo(sessionId: SessionId): Promise<boolean>;
  /** Adds what was said in its conversation elsewhere; `conflict` when the session went on itself meanwhile. */
  catchUp(sessionId: SessionId, missed: MissedPast): Promise<Receipt>;
  deleteSession(sessionId: SessionId, actor: Actor): Promise<Receipt>;
  /** Sessions whose agent waits for a place, next one first, and those that have one. */
  listQueue(): AgentQueue;
  /** Lets a session that waits go first or last; throws an `AppError` for one that does not wait. */
  moveInQueue(sessionId: SessionId, to: 'first' | 'last'): void;
  /** Agents that live now; quick. */
  listAgents(): LiveAgent[];
  /**
   * Ends an agent that may not go on, as one that failed: its turn ends with this failure, and what waits goes on as after
   * any end unasked. False: the session has no agent to end.
   */
  failAgent(sessionId: SessionId, failure: Failure): boolean;
  /** Takes up agents that outlived an earlier server, and settles what else it left open. Call once, before anything else. */
  recover(): Promise<void>;
  /**
   * Refuses new work (`shutting-down`), stops every agent, and resolves when all is in the log. `leave`: agents that can
   * outlive this process work on, for the next server to take up.
   */
  stop(options?: { agents?: 'end' | 'leave' }): Promise<void>;
  /** Numbers for metrics: sessions with a live agent, running turns, subscriptions, appended events since start. */
  stats(): EngineStats;
}

export interface LiveAgent {
  sessionId: SessionId;
  backend: string;
  /** Of its first process, which several sessions may share; absent for one inside the server, and while it starts. */
  pid?: number;
  /** Since when it was neither asked nor heard, in milliseconds since the epoch. */
  silentSince: number;
}

export interface EngineStats {
  liveAgents: number;
  /** Agents that were asked for and wait for a place. */
  waitingAgents: number;
  runningTurns: number;
  subscriptions: number;
  eventsAppended: number;
  deltasSent: number;
}
