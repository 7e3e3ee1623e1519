import { expect, test } from 'vitest';
import { toPatchChanges } from './stored-calls.ts';

test.each(['a\u2028b.txt', 'a\rb.txt'])('a file may be called %j', (path) => {
  const patch = `*** Begin Patch\n*** Update File: ${path}\n*** Move to: to/${path}\n@@\n-x\n+y\n*** End Patch`;
  expect(toPatchChanges(patch)).toEqual([
    { path, kind: { type: 'update', move_path: `to/${path}` }, diff: '@@\n-x\n+y\n' },
  ]);
});
