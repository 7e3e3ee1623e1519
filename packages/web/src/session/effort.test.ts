import { expect, test } from 'vitest';
import { toEfforts, toEffortTitle, toEffortWords } from './effort.ts';

const MODELS = [
  { id: 'default', title: 'Default', efforts: ['low', 'high'] },
  { id: 'small', title: 'Small' },
];

test('the efforts are those of the model that runs', () => {
  expect(toEfforts(MODELS, undefined)).toEqual(['low', 'high']);
  expect(toEfforts(MODELS, 'small')).toEqual([]);
  expect(toEfforts(MODELS, 'unknown')).toEqual([]);
  expect(toEfforts([{ id: 'a', title: 'A', efforts: ['max'] }], undefined)).toEqual(['max']);
  expect(toEfforts([], undefined)).toEqual([]);
});

test('efforts read as words', () => {
  expect(toEffortTitle('xhigh')).toBe('Extra high');
  expect(toEffortTitle('very-low')).toBe('Very low');
  expect(toEffortWords('max')).toBe('Max effort');
});
