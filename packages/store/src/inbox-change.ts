import type { ApprovalView, QuestionView, RecordedEvent } from '@baton/protocol';

export type InboxKind = 'approval' | 'question';
export type InboxView = ApprovalView | QuestionView;

/** What a closing event adds to a row's view. */
export type InboxClosing = Pick<ApprovalView, 'option' | 'note' | 'by' | 'reason'> &
  Pick<QuestionView, 'answers'> & { state: 'answered' | 'withdrawn'; closedAt: string };

export type InboxChange =
  | { type: 'opened'; kind: InboxKind; id: string; view: InboxView }
  | { type: 'closed'; kind: InboxKind; id: string; closing: InboxClosing };

/**
 * What an event means for the inbox; `undefined` for most events.
 *
 * A row is opened once and closed once: an id that is known keeps its first row, and only its own session closes it.
 * So a copied log (a fork) leaves the inbox of the original alone.
 */
export function toInboxChange(recorded: RecordedEvent): InboxChange | undefined {
  return toApprovalChange(recorded) ?? toQuestionChange(recorded);
}

function toApprovalChange({ sessionId, at, event }: RecordedEvent): InboxChange | undefined {
  if (event.type === 'approval.requested') {
    const { type: _, ...request } = event;
    const view: ApprovalView = { ...request, id: event.approvalId, sessionId, state: 'pending', requestedAt: at };
    return { type: 'opened', kind: 'approval', id: event.approvalId, view };
  }
  if (event.type === 'approval.answered') {
    const { approvalId: id, option, note, by } = event;
    const said = note === undefined ? { option, by } : { option, note, by };
    return { type: 'closed', kind: 'approval', id, closing: { state: 'answered', closedAt: at, ...said } };
  }
  if (event.type !== 'approval.withdrawn') return undefined;
  const closing = { state: 'withdrawn', closedAt: at, reason: event.reason } as const;
  return { type: 'closed', kind: 'approval', id: event.approvalId, closing };
}

function toQuestionChange({ sessionId, at, event }: RecordedEvent): InboxChange | undefined {
  if (event.type === 'question.asked') {
    const { type: _, ...request } = event;
    const view: QuestionView = { ...request, id: event.questionId, sessionId, state: 'pending', askedAt: at };
    return { type: 'opened', kind: 'question', id: event.questionId, view };
  }
  if (event.type === 'question.answered') {
    const { questionId: id, answers, by } = event;
    return { type: 'closed', kind: 'question', id, closing: { state: 'answered', closedAt: at, answers, by } };
  }
  if (event.type !== 'question.withdrawn') return undefined;
  const closing = { state: 'withdrawn', closedAt: at, reason: event.reason } as const;
  return { type: 'closed', kind: 'question', id: event.questionId, closing };
}
