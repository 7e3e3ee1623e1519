import { expect, test } from 'vitest';
import { findFieldError, toDraft, toRules } from './retention-draft.ts';

test('an empty field is a rule that is off, and a draft gives back the rules it was made of', () => {
  expect(toRules(toDraft({}))).toEqual({});
  const rules = { archiveAfterDays: 30, keepRawDays: 7 };
  expect(toRules(toDraft(rules))).toEqual(rules);
});

test('only whole days above zero are taken', () => {
  expect(['', ' 30 ', '36500'].map(findFieldError)).toEqual([undefined, undefined, undefined]);
  for (const text of ['0', '-1', '1.5', 'x', '36501']) expect(findFieldError(text)).toContain('whole number');
});
