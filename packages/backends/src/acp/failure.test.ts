import { describe, expect, test } from 'vitest';
import { toFailure, toStopFailure, toWords } from './failure.ts';

const nested = (message: string): string => JSON.stringify({ error: { code: 1, message } });

describe('a failure', () => {
  test.each([
    [{ code: -32_000, message: 'Authentication required' }, 'backend-not-authenticated'],
    [{ code: 401, message: nested(nested('stub error 401')) }, 'backend-not-authenticated'],
    [
      { code: -32_603, message: 'Internal error', data: { details: '401 stub error 401' } },
      'backend-not-authenticated',
    ],
    [{ code: 429, message: 'slow down' }, 'rate-limited'],
    [{ code: -32_603, message: 'API Error', data: { errorKind: 'rate_limit' } }, 'rate-limited'],
    [{ code: -32_603, message: 'Your credit balance is too low' }, 'quota-exceeded'],
    [{ code: 500, message: 'stub error 404' }, 'model-failed'],
    [{ code: -32_603, message: 'The model is overloaded' }, 'model-failed'],
    [{ code: -32_603, message: 'fetch failed' }, 'model-failed'],
    [{ code: -32_002, message: 'Resource not found' }, 'agent-exited'],
    [{ code: -32_603, message: '' }, 'model-failed'],
  ])('%j is told as %s', (error, kind) => {
    const failure = toFailure('Agent', error);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(/^Agent .*\. [A-Z].*\.$/);
    expect(failure.message).not.toContain('{');
  });

  test('has the words of the provider, once, and bounded', () => {
    expect(toWords({ code: 1, message: nested(nested('inner')) })).toBe('inner');
    expect(toWords({ code: 1, message: 'Internal error', data: { details: nested('why') } })).toBe(
      'Internal error: why',
    );
    expect(toWords({ code: 1, message: 'same', data: { message: 'same' } })).toBe('same');
    expect(toWords({ code: 1, message: '{ not json' })).toBe('{ not json');
    expect(toWords({ code: 1, message: 'x'.repeat(5000) }).length).toBe(500);
  });
});

test('an end in good order can be a failure too', () => {
  for (const reason of ['refusal', 'max_tokens', 'max_turn_requests'])
    expect(toStopFailure('Agent', reason)).toMatchObject({ kind: 'model-failed' });
  expect(toStopFailure('Agent', 'end_turn')).toBeUndefined();
  expect(toStopFailure('Agent', 'something new')).toBeUndefined();
});
