import type {
  SessionView,
  CommandInput,
  ApprovalView,
  QuestionView,
  ServerStatus,
  InputPart,
  NoticesTopic,
  SessionId,
  TurnId,
  User,
} from '@baton/protocol';
import type { Timeline } from '@baton/core';

/** The smallest store there is; `useSyncExternalStore` takes it as it is. `get` returns the same value until it changes. */
export interface ReadableStore<T> {
  get(): T;
  subscribe(listener: () => void): () => void;
}

/**
 * The truth about the line. `online` means that the server answered within the last five seconds.
 * `retryAt` (epoch ms) is when the next try begins; `attempt` counts from 1.
 */
export type ConnectionState =
  | { status: 'connecting'; attempt: number }
  | { status: 'online'; since: number; latencyMs?: number; user: User; serverVersion: string }
  | { status: 'offline'; since: number; attempt: number; retryAt: number; reason: string }
  | { status: 'unauthenticated' }
  | { status: 'closed' };

/** A command that has no receipt yet. It is re-sent with the same id after every reconnect. */
export interface PendingCommand {
  id: string;
  command: CommandInput;
  since: number;
}

/** A prompt that was typed here and is not in the log yet: shown at once, grey until the receipt. */
export interface OptimisticTurn {
  turnId: TurnId;
  input: readonly InputPart[];
}

/** What was added to a running turn here and is not in the log yet: shown in the turn at once, grey until it is. */
export interface OptimisticSteer {
  /** Of its command. */
  id: string;
  /** The turn that was meant; absent: whichever runs. */
  turnId?: TurnId;
  input: readonly InputPart[];
}

export interface SessionSnapshot {
  /** `loading` until the first `caught-up`; `gone` when the session does not exist or was deleted. */
  status: 'loading' | 'live' | 'stale' | 'gone';
  view?: SessionView;
  timeline: Timeline;
  optimistic: readonly OptimisticTurn[];
  steering: readonly OptimisticSteer[];
  /** True when older events exist that are not loaded; `loadOlder` brings them. */
  hasOlder: boolean;
}

export interface SessionHandle extends ReadableStore<SessionSnapshot> {
  loadOlder(): Promise<void>;
  close(): void;
}

export interface SessionsSnapshot {
  status: 'loading' | 'live' | 'stale';
  /** Newest activity first. */
  sessions: readonly SessionView[];
}

export interface InboxSnapshot {
  status: 'loading' | 'live' | 'stale';
  approvals: readonly ApprovalView[];
  questions: readonly QuestionView[];
}

export interface NoticesSnapshot {
  /** Newest last, at most 50. */
  notices: readonly NoticesTopic[];
}

/** How the server itself does. */
export interface ServerSnapshot {
  status: 'loading' | 'live' | 'stale';
  /** The last measurement, also a stale one. */
  latest?: ServerStatus;
}

/**
 * One live connection to a Baton server, for browsers, Node and third parties.
 *
 * - `send` keeps the command until its receipt comes, across reconnects, always with the same id. It resolves with the
 *   receipt's result and rejects with the `AppError` of its problem.
 * - A `turn.steer` whose turn has ended meanwhile is sent as a prompt of its own instead; what was typed arrives once.
 * - `openSession` subscribes; handles of the same session share one subscription. After a reconnect it resumes by seq.
 * - Stores keep their last value while offline, with status `stale`.
 */
export interface BatonClient {
  readonly connection: ReadableStore<ConnectionState>;
  readonly pending: ReadableStore<readonly PendingCommand[]>;
  readonly sessions: ReadableStore<SessionsSnapshot>;
  readonly inbox: ReadableStore<InboxSnapshot>;
  readonly notices: ReadableStore<NoticesSnapshot>;
  /** Measured about once a second, only while somebody is subscribed. */
  readonly server: ReadableStore<ServerSnapshot>;
  send(command: CommandInput, options?: { id?: string }): Promise<unknown>;
  openSession(sessionId: SessionId): SessionHandle;
  /** Tries again now instead of waiting for the back-off. */
  reconnect(): void;
  close(): void;
}
