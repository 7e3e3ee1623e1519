import { createId, type ApprovalView, type QuestionView, type SessionId } from '@baton/protocol';

/** An approval of tests. */
export function toTestApproval(sessionId: SessionId, part: Partial<ApprovalView> = {}): ApprovalView {
  const id = createId('approval');
  return {
    id,
    approvalId: id,
    turnId: createId('turn'),
    sessionId,
    title: 'npm test',
    action: { kind: 'execute', tool: 'Bash', input: {} },
    options: [{ id: 'allow', title: 'Allow once', kind: 'allow-once' }],
    state: 'pending',
    requestedAt: '2026-11-01T10:00:00.000Z',
    ...part,
  };
}

/** A question of tests. */
export function toTestQuestion(sessionId: SessionId, part: Partial<QuestionView> = {}): QuestionView {
  const id = createId('question');
  return {
    id,
    questionId: id,
    turnId: createId('turn'),
    sessionId,
    questions: [{ id: 'q', question: 'Which port?', multiSelect: false, options: [] }],
    state: 'pending',
    askedAt: '2026-11-01T10:00:00.000Z',
    ...part,
  };
}
