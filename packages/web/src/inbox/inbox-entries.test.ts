import { createId } from '@baton/protocol';
import { expect, it } from 'vitest';
import { toTestApproval, toTestQuestion } from '../sessions/test-asks.ts';
import { toInboxEntries } from './inbox-entries.ts';

it('has who waits longest first, approvals and questions together', () => {
  const id = createId('session');
  const late = toTestApproval(id, { requestedAt: '2026-11-01T10:03:00.000Z' });
  const early = toTestApproval(id, { requestedAt: '2026-11-01T10:01:00.000Z' });
  const between = toTestQuestion(id, { askedAt: '2026-11-01T10:02:00.000Z' });
  const entries = toInboxEntries({ approvals: [late, early], questions: [between] });
  expect(entries.map((entry) => entry.ask)).toEqual([early, between, late]);
});
