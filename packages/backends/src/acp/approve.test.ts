import { createId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { askApproval } from './approve.ts';
import { askQuestions, answerQuestion } from './question.ts';
import { startState } from './__fixtures__/start-state.ts';
import { runStep } from './state.ts';

const context = { now: '2026-01-01T00:00:00.000Z', createId };

function offer(options: readonly [id: string, kind: string][]): { ids: string[] | undefined; replies: number } {
  const asked = { sessionId: 's', toolCall: { toolCallId: 'c' } };
  const told = options.map(([optionId, kind]) => ({ optionId, kind, name: '' }));
  const { reports, replies } = runStep(startState, context, (step) =>
    askApproval(step, 1, { ...asked, options: told }),
  );
  const request = reports.find(({ type }) => type === 'approval.requested');
  return {
    ids: request?.type === 'approval.requested' ? request.options.map(({ id }) => id) : undefined,
    replies: replies.length,
  };
}

test('options are as offered', () => {
  expect(
    offer([
      ['a', 'allow_once'],
      ['b', 'allow_once'],
      ['c', 'reject_always'],
    ]),
  ).toEqual({ ids: ['a', 'b', 'c'], replies: 0 });
});

test.each<[string, [string, string][]]>([
  ['of an unknown kind', [['c', 'constructor']]],
  [
    'that share an id, for what is meant would be a guess',
    [
      ['c', 'allow_once'],
      ['c', 'reject_once'],
    ],
  ],
  ['without an id', [['', 'allow_once']]],
  ['whose id no answer can name', [['c'.repeat(201), 'allow_once']]],
])('options %s are not offered, and without any other Baton declines', (_, odd) => {
  expect(offer([...odd, ['n', 'reject_once']])).toEqual({ ids: ['n'], replies: 0 });
  expect(offer(odd)).toEqual({ ids: undefined, replies: 1 });
});

test.each([
  ['12', 12],
  ['-0.5', -0.5],
  ['twelve', 'twelve'],
  ['1e999', '1e999'],
  ['', ''],
])('where a number is asked for, "%s" is told as %j', (given, told) => {
  const requestedSchema = { properties: { n: { type: 'integer' } } };
  const asked = runStep(startState, context, (step) => askQuestions(step, 1, { message: '', requestedSchema }));
  const question = asked.reports.find(({ type }) => type === 'question.asked');
  if (question?.type !== 'question.asked') throw new Error('nothing was asked');
  const answer = { questionId: question.questionId, answers: { n: given } };
  const { replies } = runStep(asked.state, context, (step) => answerQuestion(step, answer));
  expect(replies).toMatchObject([{ result: { content: { n: told } } }]);
});
