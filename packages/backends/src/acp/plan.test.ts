import { expect, test } from 'vitest';
import { toPlanEntries } from './plan.ts';

test('a list with boxes is a plan, whatever ends its lines and is in them', () => {
  const content = 'My plan\r\n- [x] Look\u2028around\r\n- [ ] Write the note \r\n';
  expect(toPlanEntries({ content })).toEqual([
    { title: 'Look\u2028around', status: 'completed' },
    { title: 'Write the note', status: 'pending' },
  ]);
});
