import { expect, test } from 'vitest';
import { toNamedChange } from './named-change.ts';

test('a piece that is replaced', () => {
  const change = toNamedChange({ file_path: 'a.js', old_string: 'one', new_string: 'two' });
  expect(change).toMatchObject({ type: 'diff', path: 'a.js', oldText: 'one', newText: 'two', isPart: true });
});

test('a file that is written as a whole need not be new', () => {
  const change = toNamedChange({ path: 'a.js', content: 'all of it\n' });
  expect(change).toMatchObject({ path: 'a.js', oldText: '', newText: 'all of it\n', isPart: true });
});

test.each([[{ path: 'a.js' }], [{ content: 'of no file' }], [{ patch: '*** Begin Patch' }], [undefined]])(
  'no change is made up of %j',
  (input) => expect(toNamedChange(input)).toBeUndefined(),
);
