import { expect, test } from 'vitest';
import { toListFault } from './list-fault.ts';

test.each([
  [Object.assign(new Error('unable to open database file'), { errcode: 14 }), 'may not open it'],
  [Object.assign(new Error('database is locked'), { errcode: 261 }), 'Another program holds it'],
  [Object.assign(new Error('permission denied'), { code: 'EACCES' }), 'may not open it'],
])('%s: says what can be done', (error, todo) => {
  const { message } = toListFault('/home/ada/opencode.db', error);
  expect(message).toContain(`/home/ada/opencode.db: ${error.message}. `);
  expect(message).toContain(todo);
});
