import { expect, test } from 'vitest';
import { toAnswer } from './ask-person.ts';

const question = {
  id: 'q',
  question: 'Which?',
  multiSelect: false,
  options: [{ label: 'SQLite' }, { label: 'Postgres' }],
};

test.each([
  ['2', 'Postgres'],
  ['3', '3'],
  [' neither ', 'neither'],
  ['  ', undefined],
])('"%s" answers %s', (typed, answer) => {
  expect(toAnswer(question, typed)).toBe(answer);
});

test('several may be chosen where several are asked for', () => {
  expect(toAnswer({ ...question, multiSelect: true }, '1, 2,other')).toEqual(['SQLite', 'Postgres', 'other']);
});
