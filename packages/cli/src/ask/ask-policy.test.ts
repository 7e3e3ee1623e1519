import type { ApprovalOption } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toAllowing, toDenying, toOption } from './ask-policy.ts';

const options: ApprovalOption[] = [
  { id: 'always', title: 'Always allow npm', kind: 'allow-always' },
  { id: 'once', title: 'Allow once', kind: 'allow-once' },
  { id: 'no', title: 'Deny', kind: 'deny-once' },
];

test('the policies take the option with the least consequence', () => {
  expect(toAllowing(options)?.id).toBe('once');
  expect(toAllowing(options.slice(0, 1))?.id).toBe('always');
  expect(toDenying(options)?.id).toBe('no');
  expect(toDenying(options.slice(0, 2))).toBeUndefined();
});

test.each([
  ['1', 'always'],
  ['2', 'once'],
  ['y', 'once'],
  ['No', 'no'],
  ['allow once', 'once'],
  ['allow-always', 'always'],
  ['no', 'no'],
])('"%s" means %s', (typed, id) => {
  expect(toOption(options, typed)?.id).toBe(id);
});

test('anything else means nothing', () => {
  for (const typed of ['', '0', '4', 'maybe']) expect(toOption(options, typed)).toBeUndefined();
});
