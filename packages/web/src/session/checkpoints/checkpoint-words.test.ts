import { createId, type FileDiff } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toFilesWords, toPaths, toRestoreWords } from './checkpoint-words.ts';

const file = (part: Partial<FileDiff>): FileDiff => ({
  path: 'a.ts',
  change: 'modified',
  added: 1,
  removed: 0,
  binary: false,
  ...part,
});

test('the first checkpoint counts its files, the others what changed', () => {
  expect(toFilesWords({ files: 3 })).toBe('3 files');
  expect(toFilesWords({ files: 1, parent: createId('checkpoint') })).toBe('1 file changed');
  expect(toFilesWords({ files: 0, parent: createId('checkpoint') })).toBe('no change');
});

test('going back undoes what happened since', () => {
  expect(toRestoreWords('added')).toBe('will be removed');
  expect(toRestoreWords('deleted')).toBe('comes back');
});

test('a renamed file goes back under both names', () => {
  expect(toPaths([file({}), file({ path: 'b.ts', from: 'old.ts', change: 'renamed' })])).toEqual([
    'a.ts',
    'b.ts',
    'old.ts',
  ]);
});
