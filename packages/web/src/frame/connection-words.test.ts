import { expect, it } from 'vitest';
import { toConnectionWords, toRetryWords } from './connection-words.ts';

it('says how the line stands', () => {
  expect(toConnectionWords({ status: 'connecting', attempt: 1 }).words).toBe('Connecting');
  expect(toConnectionWords({ status: 'closed' }).tone).toBe('offline');
});

it('counts down to the next try and then says that it tries', () => {
  const state = { status: 'offline', since: 0, attempt: 2, retryAt: 10_000, reason: 'The network is down' } as const;
  expect(toRetryWords(state, 6500)).toBe('Next try in 4 s');
  expect(toRetryWords(state, 10_000)).toBe('Trying now');
  expect(toRetryWords({ status: 'closed' }, 0)).toBeUndefined();
});
