import { createId, type SessionView } from '@baton/protocol';

/** A session of tests: idle and quiet but for what is given. */
export function toTestSession(part: Partial<SessionView> = {}): SessionView {
  return {
    id: createId('session'),
    title: 'A session',
    backend: 'claude',
    cwd: '/home/ada/atlas',
    state: 'idle',
    archived: false,
    seq: 1,
    queue: [],
    pending: { approvals: [], questions: [] },
    usage: { inputTokens: 0, outputTokens: 0 },
    createdAt: '2026-11-01T10:00:00.000Z',
    updatedAt: '2026-11-01T10:00:00.000Z',
    ...part,
  };
}
