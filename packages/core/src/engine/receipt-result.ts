import type { SessionEvent } from '@baton/protocol';
import { closeApproval, closeQuestion } from '../projection/inbox.ts';
import { toListedView, toSessionView } from '../projection/session-view.ts';
import type { SessionCommand } from '../session/decision.ts';
import type { OpenSession, SessionState } from '../session/state.ts';

export interface Outcome {
  command: SessionCommand;
  events: readonly SessionEvent[];
  before: SessionState;
  after: OpenSession;
}

/** What an accepted command answers with; the shapes are part of the `Engine` contract. */
export function toResult({ command, events, before, after }: Outcome): unknown {
  const view = toListedView(toSessionView(after));
  if (before.status === 'none') return { ...view, sessionId: view.id };
  for (const event of events) {
    const result = command.type === 'turn.start' ? toTurn(event, after) : toAnswered(event, before, after);
    if (result !== undefined) return result;
  }
  return view;
}

function toTurn(event: SessionEvent, after: OpenSession): unknown {
  if (event.type !== 'turn.queued' && event.type !== 'turn.started') return undefined;
  return { turnId: event.turnId, state: after.turn?.turnId === event.turnId ? 'started' : 'queued' };
}

function toAnswered(event: SessionEvent, before: OpenSession, after: OpenSession): unknown {
  if (event.type === 'approval.answered') {
    const open = before.approvals.find((each) => each.approvalId === event.approvalId);
    return open && closeApproval(open, event, after.updatedAt);
  }
  if (event.type === 'question.answered') {
    const open = before.questions.find((each) => each.questionId === event.questionId);
    return open && closeQuestion(open, event, after.updatedAt);
  }
  return undefined;
}
