import type { KeptList } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toLookWords } from './look-words.ts';

const none: KeptList = { told: 0, shown: 0, added: 0, gone: 0, leftOut: 0 };

test.each<[string, Partial<KeptList>]>([
  ['It keeps no sessions.', {}],
  ['It keeps no sessions.', { told: 2, leftOut: 2 }],
  ['It keeps 3 sessions, all of which Baton shows already.', { told: 3 }],
  ['1 session is listed, all of them new.', { told: 1, shown: 1, added: 1 }],
  ['1,200 sessions are listed, none of them new.', { told: 1200, shown: 1200 }],
  ['4 sessions are listed, 2 of them new, and others that Baton shows already.', { told: 6, shown: 4, added: 2 }],
])('%s', (words, kept) => expect(toLookWords({ ...none, ...kept }).words).toBe(words));

test('what is gone, left out and missing is noted', () => {
  const kept = { ...none, told: 5, shown: 2, gone: 1, leftOut: 3, problem: 'Goose broke off its list: disk error' };
  expect(toLookWords(kept).notes).toEqual([
    '1 session is not there any more.',
    '3 without an id or a folder were left out.',
    'Goose broke off its list: disk error.',
  ]);
});
