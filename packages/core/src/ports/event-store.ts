import type {
  ApprovalView,
  CommandId,
  DeltaField,
  InboxState,
  ItemId,
  QuestionView,
  RecordedEvent,
  SessionEvent,
  SessionId,
  SessionStateName,
  SessionView,
} from '@baton/protocol';

/** What a command became, kept so that the same command id answers the same again. */
export interface StoredReceipt {
  commandId: CommandId;
  /** Any JSON; the engine writes and reads it, the store does not look inside. */
  receipt: unknown;
}

/** How far the log has taken down what one run of a session's agent says. */
export interface RunMark {
  /** Which start of the agent. */
  run: string;
  /** The number of the last of its reports that is in the log. */
  report: number;
}

export interface Append {
  sessionId: SessionId;
  /** The seq of the last event the caller knows; 0 for a new session. */
  expectedSeq: number;
  /** RFC 3339 UTC, the same for all events of one append. */
  at: string;
  /** One per event, where they did not all happen at `at`: a past that is taken over. */
  times?: readonly string[];
  /** May be empty when only a receipt is to be kept; for a session without any event that receipt is all that is kept. */
  events: readonly SessionEvent[];
  receipt?: StoredReceipt;
  /** The session's view after these events; replaces the stored one. Its `seq` is `expectedSeq + events.length`. */
  view: SessionView;
  /** Environment to keep beside the session. Never part of an event, never returned by a listing. */
  env?: Record<string, string>;
  /** Replaces the session's mark. */
  mark?: RunMark | undefined;
}

/** The text so far of an open item, so that a crash loses at most the last second of it. */
export interface Draft {
  itemId: ItemId;
  field: DeltaField;
  text: string;
}

export interface ReadOptions {
  /** Yield events with a greater seq. */
  after: number;
  /** At most this many, in ascending order; fewer where they are large together, and none only at the end. */
  limit: number;
}

export interface SessionQuery {
  state?: SessionStateName | undefined;
  backend?: string | undefined;
  /** Case-insensitive substring of title or cwd. */
  q?: string | undefined;
  /** Default: only those not archived. */
  archived?: boolean | undefined;
  limit: number;
  cursor?: string | undefined;
}

export interface InboxQuery {
  state?: InboxState | undefined;
  limit: number;
  cursor?: string | undefined;
}

export interface Page<T> {
  items: T[];
  /** Present when there may be more; opaque. */
  cursor?: string;
}

/**
 * The event log and what is derived from it in the same transaction.
 *
 * Contract, checked by the conformance suite in `testkit`:
 * - `append` is atomic and durable (fsynced) before it resolves: events, receipt, view, env, mark and inbox rows, or nothing.
 * - Per session, seq starts at 1 and has no gap. An append whose `expectedSeq` is not the last seq rejects with `store-conflict`.
 * - An append whose receipt's command id is already stored rejects with `store-conflict` and writes nothing.
 * - Concurrent appends to different sessions share one fsync (group commit); appends resolve in the order they were made.
 * - Faults reject with an `AppError` (`disk-full`, `store-unavailable`); reads keep working and a later append may succeed
 *   without reopening the store.
 * - What was read is a copy: changing it changes nothing in the store.
 */
export interface EventStore {
  append(append: Append): Promise<RecordedEvent[]>;
  /** Empty for an unknown session. */
  readEvents(sessionId: SessionId, options: ReadOptions): Promise<RecordedEvent[]>;
  /** 0 for an unknown session. */
  readLastSeq(sessionId: SessionId): Promise<number>;
  readReceipt(commandId: CommandId): Promise<unknown>;
  readView(sessionId: SessionId): Promise<SessionView | undefined>;
  readEnv(sessionId: SessionId): Promise<Record<string, string>>;
  /** Undefined for a session that no append has marked. */
  readMark(sessionId: SessionId): Promise<RunMark | undefined>;
  /** Newest `updatedAt` first, then by id; a cursor stays right while sessions change places (each session at most once per walk). */
  listSessions(query: SessionQuery): Promise<Page<SessionView>>;
  /**
   * Newest first. Rows follow from the events `approval.requested/answered/withdrawn`: opened once, closed once, and only
   * by the session that opened them, so that a copied log (a fork) leaves the inbox of the original alone.
   */
  listApprovals(query: InboxQuery): Promise<Page<ApprovalView>>;
  readApproval(approvalId: string): Promise<ApprovalView | undefined>;
  listQuestions(query: InboxQuery): Promise<Page<QuestionView>>;
  readQuestion(questionId: string): Promise<QuestionView | undefined>;
  /** Sessions whose stored view says that a process or a turn was alive (`idle`, `starting`, `running`, `waiting`). */
  listUnsettled(): Promise<SessionId[]>;
  /**
   * Replaces the drafts of these items. Joins the next group commit; the promise says it is durable. An appended `item.ended`
   * drops the item's drafts, a `turn.ended` all of the session's; an unknown session keeps none.
   */
  saveDrafts(sessionId: SessionId, drafts: readonly Draft[]): Promise<void>;
  readDrafts(sessionId: SessionId): Promise<Draft[]>;
  /** Removes the session, its events, inbox rows, drafts, env and mark. Receipts stay, so that a late repeat has no effect. */
  deleteSession(sessionId: SessionId): Promise<void>;
  /** Waits for what was appended and closes; later calls reject with `shutting-down`. */
  close(): Promise<void>;
}
