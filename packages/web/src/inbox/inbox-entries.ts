import type { ApprovalView, QuestionView } from '@baton/protocol';

export type InboxEntry<A, Q> = { kind: 'approval'; at: string; ask: A } | { kind: 'question'; at: string; ask: Q };

/**
 * Approvals and questions in one line, who waits longest first, so that what is being read does not move. The lists have
 * the newest first: of what was asked at the same moment, the first asked is first too.
 */
export function toInboxEntries(inbox: {
  approvals: readonly ApprovalView[];
  questions: readonly QuestionView[];
}): InboxEntry<ApprovalView, QuestionView>[] {
  const entries: InboxEntry<ApprovalView, QuestionView>[] = [
    ...inbox.approvals.toReversed().map((ask) => ({ kind: 'approval', at: ask.requestedAt, ask }) as const),
    ...inbox.questions.toReversed().map((ask) => ({ kind: 'question', at: ask.askedAt, ask }) as const),
  ];
  return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
