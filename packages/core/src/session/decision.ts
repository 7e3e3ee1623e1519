import type {
  Command,
  DeltaField,
  ErrorKind,
  EventOf,
  Failure,
  ItemId,
  SessionEvent,
  SessionId,
  TurnId,
} from '@baton/protocol';
import type { AgentEvent, AgentExit, AgentTurnEnd, AgentWentBack } from '../ports/backend.ts';
import type { AddedTurns, GoneTurns } from './gone-turns.ts';

/** What the agent said, as a command: it goes through the same decision as what a person asks. */
export interface AgentReportCommand {
  type: 'agent.report';
  report: AgentEvent | AgentTurnEnd | AgentWentBack;
}

/** The server found a process or a turn of an earlier life in the log. `resume` lets queued turns go on. */
export interface SessionSettleCommand {
  type: 'session.settle';
  failure: Failure;
  resume: boolean;
  /** As `AgentExit.heard`. */
  heard?: AgentExit['heard'];
}

/** A new session with a past: a fork, or a conversation that began elsewhere. */
export interface SessionImportCommand {
  type: 'session.import';
  created: EventOf<'session.created'>;
  /** Turns and what belongs to them, whole: whatever starts in them ends in them. */
  past: readonly SessionEvent[];
}

/** What was said in the session's conversation elsewhere since its agent ended, as of an event of its log. */
export interface SessionCatchUpCommand {
  type: 'session.catch-up';
  nativeId: string;
  /** The last event when it was chosen: whoever adds another meanwhile makes it void. */
  seq: number;
  /** Whole turns, none of which the session has. */
  past: readonly SessionEvent[];
}

/** What a feature of Baton notes in a session's log. */
export interface SessionNoteCommand {
  type: 'session.note';
  event: NotedEvent;
}

/** The agent that was asked for has its place: it is opened, and what waits for it may begin. */
export interface SessionAdmitCommand {
  type: 'session.admit';
}

/** Ends an agent that has nothing to do; does nothing to one that has. */
export interface SessionSleepCommand {
  type: 'session.sleep';
  reason: 'unused' | 'room' | 'elsewhere';
}

/** Ends the agent although it may be at work: nobody watched for as long as the session says. */
export interface SessionLeaveCommand {
  type: 'session.leave';
}

export type NotedEvent = EventOf<'checkpoint.created' | 'checkpoint.restored' | 'notice.raised'>;

export type SessionCommand =
  | Command
  | AgentReportCommand
  | SessionSettleCommand
  | SessionImportCommand
  | SessionCatchUpCommand
  | SessionNoteCommand
  | SessionAdmitCommand
  | SessionSleepCommand
  | SessionLeaveCommand;

/** A turn that has ended, where one can go back to it. */
export interface EndedTurn {
  turnId: TurnId;
  /** Of its `turn.ended`. */
  seq: number;
  /** Whether nothing was said after it. */
  isLast: boolean;
  point?: string | undefined;
}

/** What becomes of a session whose agent ended unasked while something waits for it. */
export type Retry =
  /** `attempt` is that of the next start, of `attempts` that are made. */
  | { kind: 'later'; at: string; delayMs: number; attempt: number; attempts: number }
  | { kind: 'given-up'; attempts: number }
  /** Each start would end in the same way until somebody mends what it told of. */
  | { kind: 'held' };

/** All that a decision needs and may not fetch itself. */
export interface DecisionContext {
  sessionId: SessionId;
  /** RFC 3339 UTC. */
  now: string;
  by: string;
  /** Fresh, for a turn whose id the command does not bring. */
  freshTurnId: TurnId;
  /** Who answers an approval: a person, or a rule in their name. */
  via: 'user' | 'policy';
  /** Whether an agent that is asked for starts at once. Otherwise it waits for a place, and its prompts stay in the queue. */
  mayStart: boolean;
  /** The agent was asked for and waits for its place: no process was started yet. */
  waits: boolean;
  /** For an agent that ends unasked; absent: it starts again at once where something waits. */
  retry?: Retry | undefined;
  /** The turn a command goes back to, when it is part of the conversation and has ended. */
  endedTurn?: EndedTurn | undefined;
  /** What the agent does not have any more, and what the log does not have, when the agent says what it has. */
  gone?: GoneTurns | undefined;
  added?: AddedTurns | undefined;
  /** What has streamed of an open item. */
  textSoFar(itemId: ItemId, field: DeltaField): string | undefined;
}

export interface Refusal {
  ok: false;
  kind: ErrorKind;
  detail: string;
}

export type Decision = { ok: true; events: SessionEvent[] } | Refusal;

export function accept(...events: SessionEvent[]): Decision {
  return { ok: true, events };
}

export function refuse(kind: ErrorKind, detail: string): Refusal {
  return { ok: false, kind, detail };
}
