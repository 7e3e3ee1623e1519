import { expect, test } from 'vitest';
import { countChanges } from './count-changes.ts';

const BODY = '@@ -1,2 +1,3 @@\n-- a comment of SQL\n+-- another one\n+++ count;\n kept\n';

test.each([
  ['with its header', `--- a.sql\n+++ a.sql\n${BODY}`],
  ['without one', BODY],
])('a diff %s counts lines of the file that look like a header', (_, patch) => {
  expect(countChanges(patch)).toEqual({ added: 2, removed: 1 });
});

test('a removed comment is no header either', () => {
  expect(countChanges('--- a.sql\n+++ a.sql\n@@ -1 +0,0 @@\n--- drop it\n')).toEqual({ added: 0, removed: 1 });
});
