import { expect, test } from 'vitest';
import { toExitFailure } from './exit-failure.ts';
import { toFailure } from './failure.ts';

test.each([
  [{ text: 'Failed to authenticate. API Error: 401', status: 401 }, 'backend-not-authenticated', 'claude auth login'],
  [{ text: 'API Error: 403 forbidden', status: 403 }, 'backend-not-authenticated', 'claude auth login'],
  [{ text: 'Not logged in · Please run /login' }, 'backend-not-authenticated', 'claude auth login'],
  [{ text: 'Credit balance is too low', cause: 'billing_error', status: 400 }, 'quota-exceeded', 'another account'],
  [{ text: "You've hit your 5-hour limit · resets 3pm", cause: 'rate_limit', status: 429 }, 'quota-exceeded', 'Wait'],
  [{ text: 'API Error: 429 slow down', cause: 'rate_limit', status: 429 }, 'rate-limited', 'Wait a little'],
  [{ text: 'Repeated 529 Overloaded errors', cause: 'server_error' }, 'model-failed', 'overloaded'],
  [
    { text: 'There is an issue with the selected model', cause: 'model_not_found', status: 404 },
    'model-failed',
    'another model',
  ],
  [{ text: 'Unable to connect to API (ConnectionRefused)' }, 'model-failed', 'cannot be reached'],
  [{ text: 'Prompt is too long', cause: 'invalid_request', status: 400 }, 'model-failed', '/compact'],
  [{ text: 'limit of words', cause: 'max_output_tokens' }, 'model-failed', 'smaller parts'],
  [{ text: '' }, 'model-failed', 'Send the prompt again'],
])('%j', (trouble, kind, part) => {
  const failure = toFailure(trouble);
  expect(failure.kind).toBe(kind);
  expect(failure.message).toContain(part);
});

test('says why a process is gone', () => {
  const nativeId = 'abc';
  expect(toExitFailure({ code: 1, said: 'No conversation found with session ID: abc', nativeId }).message).toContain(
    'Start a new session',
  );
  expect(toExitFailure({ code: 1, said: 'Error: Session ID abc is already in use.', nativeId }).message).toContain(
    'open in another',
  );
  expect(toExitFailure({ signal: 'SIGKILL', said: '', nativeId }).message).toContain('was ended by SIGKILL');
  expect(toExitFailure({ code: 7, said: 'bad flag', nativeId }).message).toBe(
    'Claude Code ended with code 7: bad flag. Send a prompt to start it again.',
  );
});
