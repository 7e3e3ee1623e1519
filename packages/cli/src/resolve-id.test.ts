import { expect, test } from 'vitest';
import { resolveId } from './resolve-id.ts';

const SESSION = { name: 'session', listedBy: 'baton ls' };
const items = [{ id: 'ses_01aaxx' }, { id: 'ses_01aayy' }, { id: 'ses_01' }];

test.each([
  ['ses_01', 'ses_01'],
  ['ses_01aax', 'ses_01aaxx'],
  ['yy', 'ses_01aayy'],
])('%s means %s', (typed, id) => {
  expect(resolveId(SESSION, typed, items).id).toBe(id);
});

test('what is unknown or could be several is refused, and says so', () => {
  expect(() => resolveId(SESSION, 'zz', items)).toThrow('There is no session "zz". Those there are: baton ls');
  expect(() => resolveId(SESSION, 'ses_01a', items)).toThrow('could be 2 sessions');
  expect(() => resolveId(SESSION, '', items)).toThrow('There is no session');
});
