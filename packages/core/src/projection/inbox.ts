import type { ApprovalView, EventOf, QuestionView, SessionId } from '@baton/protocol';

/** Where and when an event happened. */
interface Place {
  at: string;
  sessionId: SessionId;
}

export function toApprovalView(event: EventOf<'approval.requested'>, place: Place): ApprovalView {
  const { type: _, ...request } = event;
  return { ...request, id: request.approvalId, sessionId: place.sessionId, state: 'pending', requestedAt: place.at };
}

export function closeApproval(
  view: ApprovalView,
  event: EventOf<'approval.answered' | 'approval.withdrawn'>,
  at: string,
): ApprovalView {
  if (view.approvalId !== event.approvalId || view.state !== 'pending') return view;
  if (event.type === 'approval.withdrawn') return { ...view, state: 'withdrawn', closedAt: at, reason: event.reason };
  const note = event.note === undefined ? {} : { note: event.note };
  return { ...view, state: 'answered', closedAt: at, option: event.option, by: event.by, ...note };
}

export function toQuestionView(event: EventOf<'question.asked'>, place: Place): QuestionView {
  const { type: _, ...request } = event;
  return { ...request, id: request.questionId, sessionId: place.sessionId, state: 'pending', askedAt: place.at };
}

export function closeQuestion(
  view: QuestionView,
  event: EventOf<'question.answered' | 'question.withdrawn'>,
  at: string,
): QuestionView {
  if (view.questionId !== event.questionId || view.state !== 'pending') return view;
  if (event.type === 'question.withdrawn') return { ...view, state: 'withdrawn', closedAt: at, reason: event.reason };
  return { ...view, state: 'answered', closedAt: at, answers: event.answers, by: event.by };
}
