import type { Question } from '@baton/protocol';
import { expect, test } from 'vitest';
import {
  emptyForm,
  questionReducer,
  readForm,
  toAnswer,
  toAnswers,
  writeForm,
  type QuestionAction,
} from './question-form.ts';

const options = ['A', 'B', 'C'].map((label) => ({ label }));
const one: Question = { id: 'one', question: 'Which?', multiSelect: false, options };
const many: Question = { id: 'many', question: 'Which ones?', multiSelect: true, options };
const run = (...actions: QuestionAction[]) => actions.reduce(questionReducer, emptyForm);
const pick = (question: Question, label: string): QuestionAction => ({ type: 'picked', question, label });
const write = (question: Question, text: string): QuestionAction => ({ type: 'wrote', question, text });

test('of one answer the latest choice counts', () => {
  expect(toAnswer(run(pick(one, 'A'), pick(one, 'B')), one)).toBe('B');
});

test('what is written takes the place of a choice, and a choice that of what is written', () => {
  expect(toAnswer(run(pick(one, 'A'), write(one, ' mine ')), one)).toBe('mine');
  expect(toAnswer(run(write(one, 'mine'), pick(one, 'A')), one)).toBe('A');
});

test('of several, choices come and go, keep their order, and go with what is written', () => {
  const form = run(pick(many, 'C'), pick(many, 'A'), pick(many, 'B'), pick(many, 'B'), write(many, 'also this'));
  expect(toAnswer(form, many)).toEqual(['A', 'C', 'also this']);
});

test('questions without an answer are left out', () => {
  expect(toAnswers(run(pick(one, 'A'), write(many, '  ')), [one, many])).toEqual({ one: 'A' });
  expect(toAnswer(emptyForm, many)).toBeUndefined();
});

test('a form that was written is read again, and what is none is an empty one', () => {
  const form = run(pick(many, 'C'), write(one, 'mine'), { type: 'went', to: 1 });
  expect(readForm(writeForm(form))).toEqual(form);
  expect(writeForm(emptyForm)).toBe('');
  for (const text of ['', '[]', '{"step":1}', '{"step":"1","picks":{},"texts":{}}'])
    expect(readForm(text)).toBe(emptyForm);
  const odd = '{"step":-1,"picks":{"one":"A","many":["B"]},"texts":{"one":7}}';
  expect(readForm(odd)).toEqual({ step: 0, picks: { many: ['B'] }, texts: {} });
});
