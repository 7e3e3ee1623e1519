import { createId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { startState } from './__fixtures__/start-state.ts';
import { askApproval, withdrawPrompts } from './approve.ts';
import { answerQuestion, askQuestions } from './question.ts';
import { type Step, runStep } from './state.ts';
import { beginTurn } from './turn-end.ts';
import { elicitationSchema, permissionSchema } from './wire.ts';

const context = { now: '2026-01-01T00:00:00.000Z', createId };

function ask(form: unknown) {
  const { state, reports } = runStep(startState, context, (step) =>
    askQuestions(step, 7, elicitationSchema.parse({ message: 'It needs your input.', requestedSchema: form })),
  );
  const asked = reports.find((report) => report.type === 'question.asked');
  if (asked?.type !== 'question.asked') throw new Error('nothing was asked');
  const { questionId, questions } = asked;
  return {
    questions,
    answer(answers: Record<string, string>) {
      const { replies } = runStep(state, context, (step) => answerQuestion(step, { questionId, answers }));
      return replies;
    },
  };
}

// As codex-acp 2.6.0 writes it.
const codex = {
  properties: {
    q1: {
      title: 'Which colour shall it be?',
      description: 'Colour',
      _meta: { codex: { isOther: true, isSecret: false } },
      type: 'string',
      oneOf: [
        { const: 'Red', title: 'Red', description: 'Warm' },
        { const: 'Blue', title: 'Blue' },
        {
          const: 'None of the above',
          title: 'None of the above',
          description: 'Provide a different answer in the note field.',
        },
      ],
    },
    q1_note: {
      type: 'string',
      title: 'Additional answer or note',
      _meta: { codex: { questionId: 'q1', role: 'user_note' } },
    },
  },
};

test('the note that Codex wants beside a choice is no question of its own', () => {
  const { questions, answer } = ask(codex);
  expect(questions).toEqual([
    {
      id: 'q1',
      question: 'Which colour shall it be?',
      header: 'Colour',
      multiSelect: false,
      options: [{ label: 'Red', description: 'Warm' }, { label: 'Blue' }],
    },
  ]);
  expect(answer({ q1: 'Blue' })).toEqual([{ rpcId: 7, result: { action: 'accept', content: { q1: 'Blue' } } }]);
});

test('an answer that is none of the choices is that note', () => {
  const content = { q1: 'None of the above', q1_note: 'Green' };
  expect(ask(codex).answer({ q1: 'Green' })).toEqual([{ rpcId: 7, result: { action: 'accept', content } }]);
});

test('a note to a question that is not there is a question', () => {
  const note = { type: 'string', title: 'Anything else?', _meta: { codex: { questionId: 'gone' } } };
  expect(ask({ properties: { note } }).questions).toMatchObject([{ id: 'note', question: 'Anything else?' }]);
});

// As Qwen Code 0.24.4 writes it.
const qwen = {
  sessionId: 's',
  options: [
    { optionId: 'proceed_once', name: 'Submit', kind: 'allow_once' },
    { optionId: 'cancel', name: 'Cancel', kind: 'reject_once' },
  ],
  toolCall: {
    toolCallId: 'call-1',
    title: 'Ask user 2 questions',
    kind: 'think',
    _meta: {
      toolName: 'ask_user_question',
      qwenQuestions: [
        {
          question: 'Which colour?',
          header: 'Colour',
          options: [{ label: 'Red' }, { label: 'Blue' }],
          multiSelect: false,
        },
        {
          question: 'Which parts?',
          header: 'Parts',
          options: [{ label: 'Server' }, { label: 'Docs' }],
          multiSelect: true,
        },
      ],
    },
  },
};

test.each<[string, (step: Step) => void, unknown]>([
  [
    'for leave',
    (step) => askApproval(step, 7, { ...permissionSchema.parse(qwen), toolCall: { toolCallId: 'c' } }),
    { outcome: { outcome: 'cancelled' } },
  ],
  [
    'as if for leave',
    (step) => askApproval(step, 7, permissionSchema.parse(qwen)),
    { outcome: { outcome: 'cancelled' } },
  ],
  ['a question', (step) => askQuestions(step, 7, { message: 'Well?' }), { action: 'cancel' }],
])('whoever asks %s after it was told to stop has its answer at once, and no person is asked', (_, ask, result) => {
  const { state } = beginTurn(startState, createId('turn'), context);
  const { turn } = state;
  if (turn === undefined) throw new Error('There is no turn');
  const told = runStep({ ...state, turn: { ...turn, isInterrupting: true } }, context, ask);
  expect(told.replies).toEqual([{ rpcId: 7, result }]);
  expect(told.reports.filter(({ type }) => !type.startsWith('item.'))).toEqual([]);
  expect(told.state.prompts).toEqual([]);
});

test('what is asked as if for permission is a question, and its answers go with the permission', () => {
  const { state, reports } = runStep(startState, context, (step) => askApproval(step, 7, permissionSchema.parse(qwen)));
  expect(reports.some(({ type }) => type === 'approval.requested')).toBe(false);
  const asked = reports.find((report) => report.type === 'question.asked');
  if (asked?.type !== 'question.asked') throw new Error('nothing was asked');
  expect(asked.questions).toMatchObject([
    {
      id: '0',
      question: 'Which colour?',
      header: 'Colour',
      multiSelect: false,
      options: [{ label: 'Red' }, { label: 'Blue' }],
    },
    { id: '1', question: 'Which parts?', header: 'Parts', multiSelect: true },
  ]);
  const { questionId } = asked;
  const given = { 'Which colour?': 'Green', '1': ['Server', 'Docs'] };
  const { replies } = runStep(state, context, (step) => answerQuestion(step, { questionId, answers: given }));
  const outcome = { outcome: 'selected', optionId: 'proceed_once' };
  expect(replies).toEqual([{ rpcId: 7, result: { outcome, answers: { 0: 'Green', 1: 'Server, Docs' } } }]);
  const left = runStep(state, context, (step) => withdrawPrompts(step, () => true, 'The turn was interrupted'));
  expect(left.replies).toEqual([{ rpcId: 7, result: { outcome: { outcome: 'cancelled' } } }]);
});
