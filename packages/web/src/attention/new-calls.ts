import type { InboxSnapshot } from '@baton/client';
import type { ApprovalView, QuestionView, SessionId, SessionView } from '@baton/protocol';

/** One thing that began to wait for a person. */
export interface Call {
  id: string;
  sessionId: SessionId;
  /** "Fix the parser needs you" */
  title: string;
  /** The command or the question itself. */
  body: string;
}

/** What waits now and did not before, as words to be said and shown. */
export function toNewCalls(seen: ReadonlySet<string>, inbox: InboxSnapshot, sessions: readonly SessionView[]): Call[] {
  const titleOf = (id: SessionId) => sessions.find((session) => session.id === id)?.title ?? 'A session';
  const calls = [...inbox.approvals.map(fromApproval), ...inbox.questions.map(fromQuestion)];
  return calls
    .filter((call) => !seen.has(call.id))
    .map((call) => ({ ...call, title: `${titleOf(call.sessionId)} needs you` }));
}

function fromApproval(approval: ApprovalView): Omit<Call, 'title'> {
  return { id: approval.id, sessionId: approval.sessionId, body: `Approval: ${approval.title}` };
}

function fromQuestion(question: QuestionView): Omit<Call, 'title'> {
  return { id: question.id, sessionId: question.sessionId, body: question.questions[0]?.question ?? 'A question' };
}
