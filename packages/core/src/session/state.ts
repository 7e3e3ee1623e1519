import type {
  ApprovalView,
  ContextWindow,
  EventOf,
  Failure,
  InputPart,
  Item,
  ItemId,
  QuestionView,
  SessionId,
  StopReason,
  TurnId,
  Usage,
} from '@baton/protocol';
import type { Branch } from '../ports/backend.ts';
import type { IdSet } from './id-set.ts';

/** The agent process as the log knows it. */
export type AgentPhase =
  /** `asked` is false only for a process that ended unasked; `reason`: Baton itself ended it. */
  | { phase: 'down'; asked: boolean; restarted: boolean; reason?: StopReason }
  | { phase: 'starting' }
  /** `pid`: of its first process, which other sessions may share; absent for one inside the server. */
  | { phase: 'up'; pid?: number; join?: string[] }
  /** `wanted`: something that needs the agent was asked for after the stop; it starts again when it is down. */
  | { phase: 'stopping'; wanted: boolean; reason?: StopReason };

export interface RunningTurn {
  turnId: TurnId;
  by: string;
  startedAt: string;
  interrupting: boolean;
  /**
   * What a person asked, and by which event, as long as nothing shows that the agent has heard it. Absent for a turn that was
   * taken back into the queue before, which happens once.
   */
  asked?: { input: readonly InputPart[]; seq: number };
}

export interface OpenItem {
  itemId: ItemId;
  parentItemId?: ItemId;
  item: Item;
}

export interface QueuedTurn {
  turnId: TurnId;
  input: InputPart[];
  by: string;
}

/** A session as the fold of its events knows it. Small: open things and totals, never the history. */
export interface OpenSession {
  status: 'open';
  id: SessionId;
  seq: number;
  backend: string;
  cwd: string;
  title?: string;
  model?: string;
  mode?: string;
  effort?: string;
  archived: boolean;
  /** Who made the session. */
  by: string;
  background?: boolean;
  /** Absent: never. */
  stopUnwatchedMinutes?: number;
  parent?: { sessionId: SessionId; turnId?: TurnId | undefined };
  createdAt: string;
  updatedAt: string;
  agent: AgentPhase;
  version?: string;
  nativeId?: string;
  /** Where the agent's conversation comes from, until a turn after it has ended. */
  branch?: Branch;
  /** Events up to this seq were taken over from elsewhere. */
  inheritedUntil: number;
  /** Stretches of the log that were taken back: events after `after`, up to and including `until`. */
  takenBack: readonly { after: number; until: number }[];
  offer?: Omit<EventOf<'agent.ready'>, 'type' | 'nativeId'>;
  turn?: RunningTurn;
  queue: readonly QueuedTurn[];
  /** The turn that was taken back into the queue last. */
  requeued?: TurnId;
  /** Every turn, item, approval and question there ever was, so that a repeat is recognised and no id is used twice. */
  ids: IdSet;
  /** In the order they started. */
  items: readonly OpenItem[];
  approvals: readonly ApprovalView[];
  questions: readonly QuestionView[];
  /** Sums over the turns that ended. */
  usage: Usage;
  costUsd?: number;
  context?: ContextWindow;
  failure?: Failure;
  firstPrompt?: string;
  preview?: string;
}

export type SessionState = { status: 'none' } | OpenSession;

export const noSession: SessionState = { status: 'none' };
