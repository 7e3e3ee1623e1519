import { afterEach, describe, expect, test } from 'vitest';
import { createHarness, type Harness } from './__fixtures__/worker-harness.ts';

let harness: Harness;
afterEach(() => harness.close());

const QUICK = { patience: { retryMs: 1, retries: 2, silenceMs: 60_000 } };
const notices = (): string[] =>
  harness.log.flatMap(({ event }) => (event.type === 'notice.raised' ? [event.text] : []));

describe.each(['anthropic', 'openai'] as const)('with %s', (provider) => {
  test.each([
    ['400', 'model-failed', /refused the request \(400\)/],
    ['401', 'backend-not-authenticated', /refused the key: .*Check ANTHROPIC_API_KEY/],
    ['403', 'backend-not-authenticated', /does not let this key use/],
    ['404', 'model-failed', /Is the model name right/],
    ['429', 'rate-limited', /Try again in 60 minutes/],
    ['500', 'model-failed', /failed \(500\).*Send the prompt again/],
    ['overloaded', 'model-failed', /failed \(529\)/],
    ['malformed', 'model-failed', /.+/],
    ['malformed html', 'model-failed', /cannot be read/],
    ['malformed empty', 'model-failed', /cannot be read/],
    ['cut event', 'model-failed', /.+/],
    ['drop before headers', 'model-failed', /cannot be reached/],
    ['drop', 'model-failed', /.+/],
    ['error mid-stream', 'model-failed', /Overloaded in the middle/],
    ['refusal', 'model-failed', /refused to answer/],
  ])('%s ends the turn as %s and says what to do', async (prompt, kind, message) => {
    harness = await createHarness({ scenario: 'errors', provider, worker: QUICK });
    const end = await harness.turn(prompt);
    expect(end).toMatchObject({ outcome: 'failed', error: { kind } });
    expect(end.error?.message).toMatch(message);
    expect(end.error?.message).not.toContain(harness.rehearsal.apiKey);
    // Whatever happened, the session goes on.
    expect(await harness.turn('[scene echo] still there')).toMatchObject({ outcome: 'completed' });
  });

  test.each(['429 once', '500 twice'])('%s is tried again, and said', async (prompt) => {
    harness = await createHarness({ scenario: 'errors', provider, worker: QUICK });
    expect(await harness.turn(prompt)).toMatchObject({ outcome: 'completed' });
    expect(notices()[0]).toMatch(/did not answer .* Trying again in .* s, 1 of 2/);
    expect(harness.texts().at(-1)).toMatch(/It worked/);
  });

  test.each(['hang before headers', 'hang after headers', 'hang mid-stream'])(
    '%s is given up after too long a silence',
    async (prompt) => {
      harness = await createHarness({ scenario: 'errors', provider, worker: { patience: { silenceMs: 250 } } });
      const end = await harness.turn(prompt);
      expect(end).toMatchObject({ outcome: 'failed', error: { kind: 'agent-unresponsive' } });
      expect(end.error?.message).toContain('sent nothing for');
    },
  );

  test('tells the model of calls it cannot make', async () => {
    harness = await createHarness({ scenario: 'errors', provider });
    await harness.turn('unknown tool');
    expect(harness.texts().at(-1)).toContain('There is no tool "NoSuchTool"');
    await harness.turn('bad input');
    expect(harness.texts().at(-1)).toContain('Cannot read the input of read at "path"');
    expect(harness.tools().map((item) => item.status)).toEqual(['failed', 'failed']);
  });

  test('says that an answer was cut at the longest', async () => {
    harness = await createHarness({ scenario: 'errors', provider });
    expect(await harness.turn('max tokens')).toMatchObject({ outcome: 'completed' });
    expect(notices().join()).toContain('The answer was cut');
  });
});

test('an event the API did not have before changes nothing', async () => {
  harness = await createHarness({ scenario: 'errors' });
  await harness.turn('unknown event');
  expect(harness.texts()).toEqual(['Before and after.']);
});

test('a provider that is not there is named', async () => {
  harness = await createHarness({
    scenario: 'simple',
    env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' },
    worker: QUICK,
  });
  const end = await harness.turn('Hi');
  expect(end.error).toMatchObject({ kind: 'model-failed' });
  expect(end.error?.message).toContain('127.0.0.1:9 cannot be reached');
});

test('a wait for the next try can be interrupted', async () => {
  harness = await createHarness({ scenario: 'errors', worker: { patience: { retryMs: 60_000 } } });
  const ended = harness.turn('500');
  await harness.next('notice.raised');
  await harness.session.interrupt?.();
  expect(await ended).toMatchObject({ outcome: 'interrupted' });
});

test('an interrupt right behind its prompt is heard', async () => {
  harness = await createHarness({ scenario: 'long-stream' });
  const ended = harness.turn('Tell me a long story');
  await harness.session.interrupt?.();
  expect(await ended).toMatchObject({ outcome: 'interrupted' });
});
