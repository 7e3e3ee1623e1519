import type { Command, DeltaField, ErrorKind, Failure, ItemId, SessionEvent, SessionId, TurnId } from '@baton/protocol';
import type { AgentEvent, AgentTurnEnd } from '../ports/backend.ts';

/** What the agent said, as a command: it goes through the same decision as what a person asks. */
export interface AgentReportCommand {
  type: 'agent.report';
  report: AgentEvent | AgentTurnEnd;
}

/** The server found a process or a turn of an earlier life in the log. `resume` lets queued turns go on. */
export interface SessionSettleCommand {
  type: 'session.settle';
  failure: Failure;
  resume: boolean;
}

export type SessionCommand = Command | AgentReportCommand | SessionSettleCommand;

/** All that a decision needs and may not fetch itself. */
export interface DecisionContext {
  sessionId: SessionId;
  /** RFC 3339 UTC. */
  now: string;
  by: string;
  /** Fresh, for a turn whose id the command does not bring. */
  freshTurnId: TurnId;
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
