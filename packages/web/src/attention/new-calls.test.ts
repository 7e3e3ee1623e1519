import { createId } from '@baton/protocol';
import { expect, it } from 'vitest';
import { toDocumentTitle } from '../frame/page-title.ts';
import { toTestApproval, toTestQuestion } from '../sessions/test-asks.ts';
import { toTestSession } from '../sessions/test-session.ts';
import { toNewCalls } from './new-calls.ts';

it('calls once for each thing that begins to wait, with the real command', () => {
  const session = toTestSession({ title: 'Fix the parser' });
  const approval = toTestApproval(session.id);
  const question = toTestQuestion(createId('session'));
  const inbox = { status: 'live', approvals: [approval], questions: [question] } as const;
  const calls = toNewCalls(new Set(), inbox, [session]);
  expect(calls.map((call) => call.title)).toEqual(['Fix the parser needs you', 'A session needs you']);
  expect(calls.map((call) => call.body)).toEqual(['Approval: npm test', 'Which port?']);
  expect(toNewCalls(new Set([approval.id]), inbox, [session]).map((call) => call.id)).toEqual([question.id]);
});

it('puts the number before the title only when something waits', () => {
  expect(toDocumentTitle('Inbox', 0)).toBe('Inbox · Baton');
  expect(toDocumentTitle('Inbox', 3)).toBe('(3) Inbox · Baton');
});
