import { expect, test } from 'vitest';
import { readUnsaved, unsavedStore, writeUnsaved, type UnsavedRules } from './unsaved-rules.ts';

const unsaved: UnsavedRules = { rules: [{ id: 'rule_1', effect: 'ask', match: { tool: 'Bash' } }], revision: 'r1' };

test('rules that are not saved are there again after a reload', () => {
  expect(readUnsaved(writeUnsaved(unsaved))).toEqual(unsaved);
  expect(readUnsaved(writeUnsaved(undefined))).toBeUndefined();
});

test('what is no rule is no draft: none of it may be saved by accident', () => {
  expect(readUnsaved('{"rules":[{"effect":"allow"}],"revision":"r1"}')).toBeUndefined();
  expect(readUnsaved('{"rules":[]}')).toBeUndefined();
  expect(readUnsaved('nonsense')).toBeUndefined();
});

test('there is none at first', () => {
  expect(unsavedStore.get()).toBeUndefined();
});
