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

it('has what was asked at once in the order in which it was asked', () => {
  const id = createId('session');
  const [first, second, third] = [toTestApproval(id), toTestApproval(id), toTestApproval(id)];
  const entries = toInboxEntries({ approvals: [third, second, first], questions: [] });
  expect(entries.map((entry) => entry.ask)).toEqual([first, second, third]);
});
