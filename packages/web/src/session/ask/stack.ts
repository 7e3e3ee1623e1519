import type { ApprovalView, QuestionView } from '@baton/protocol';

export type Ask =
  | { readonly kind: 'approval'; readonly view: ApprovalView; readonly at: string }
  | { readonly kind: 'question'; readonly view: QuestionView; readonly at: string };

/** What waits for an answer, the oldest first: what comes later never takes the place of what is being read. */
export function toStack(approvals: readonly ApprovalView[], questions: readonly QuestionView[]): Ask[] {
  const asks: Ask[] = [
    ...approvals.map((view) => ({ kind: 'approval' as const, view, at: view.requestedAt })),
    ...questions.map((view) => ({ kind: 'question' as const, view, at: view.askedAt })),
  ];
  return asks
    .filter((ask) => ask.view.state === 'pending')
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
