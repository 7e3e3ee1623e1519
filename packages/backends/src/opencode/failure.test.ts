import type { ErrorKind } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toFailure } from './failure.ts';

const CASES: readonly [name: string, data: { message?: string; statusCode?: number }, kind: ErrorKind, todo: string][] =
  [
    ['APIError', { message: 'no', statusCode: 401 }, 'backend-not-authenticated', 'opencode auth login'],
    ['ProviderAuthError', { message: 'no key' }, 'backend-not-authenticated', 'opencode auth login'],
    ['APIError', { message: 'insufficient quota', statusCode: 429 }, 'quota-exceeded', 'another account'],
    ['APIError', { message: 'slow down', statusCode: 429 }, 'rate-limited', 'Wait a little'],
    ['APIError', { message: 'Overloaded', statusCode: 529 }, 'model-failed', 'in a moment'],
    ['UnknownError', { message: 'Model not found: a/b. Did you mean: c?' }, 'model-failed', 'Choose another model'],
    ['UnknownError', { message: 'Agent not found: "x"' }, 'invalid-input', 'another mode'],
    ['ContextOverflowError', { message: 'too long' }, 'model-failed', '/compact'],
    ['APIError', { message: 'Unable to connect. Is the computer able to access the url?' }, 'model-failed', 'base URL'],
    ['APIError', { message: 'broken', statusCode: 500 }, 'model-failed', 'Send the prompt again'],
  ];

test.each(CASES)('%s %j is %s: %s', (...[name, data, kind, todo]) => {
  expect(toFailure({ name, data })).toEqual({ kind, message: expect.stringContaining(todo) });
});

test('leaves out stacks and unwraps what a provider wrote', () => {
  expect(toFailure({ name: 'UnknownError', data: { message: 'It broke\n    at <anonymous>' } }).message).toBe(
    'The model failed: It broke. Send the prompt again.',
  );
  expect(toFailure({ name: 'UnknownError', data: { message: '{"message":"inner"}' } }).message).toContain(': inner.');
});
