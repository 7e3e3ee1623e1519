import type { BackendView } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import { createWorkerBackend } from './index.ts';
import type { RehearsalModels } from './model/select-model.ts';
import { selectModel, toDefaultModel } from './model/select-model.ts';
import { addRequest, nothingSpent, toCost } from './model/usage.ts';

const rehearsal: RehearsalModels = {
  models: () => [{ id: 'rehearsal:first-session', title: 'Rehearsal: A friendly first minute' }],
  start: (scenario) => Promise.resolve({ url: `http://127.0.0.1:1/${scenario}`, apiKey: 'k' }),
};
const clock = { now: () => 0, after: () => () => undefined };

function probe(env: Record<string, string>, session?: Record<string, string>): Promise<BackendView> {
  return createWorkerBackend({ env, clock, version: '1', serverMarker: 'm', rehearsal }).probe(session);
}

describe('what the worker says of itself', () => {
  test('without a key it offers rehearsals and says that they are', async () => {
    const view = await probe({});
    expect(view).toMatchObject({ installed: true, authenticated: 'no', rehearsal: true });
    expect(view.problem).toBeUndefined();
    expect(view.models).toEqual([expect.objectContaining({ title: expect.stringMatching(/^Rehearsal: /) })]);
  });

  test('with a key it offers the models of that provider, rehearsals last', async () => {
    const view = await probe({ ANTHROPIC_API_KEY: 'k' });
    expect(view).toMatchObject({ authenticated: 'yes' });
    expect(view.rehearsal).toBeUndefined();
    expect(view.models[0]?.id).toMatch(/^claude-/);
    expect(view.models.at(-1)?.id).toBe('rehearsal:first-session');
  });

  test("the session's own key counts, and an address of one's own offers the model that was named", async () => {
    const view = await probe({}, { OPENAI_BASE_URL: 'http://localhost:11434/v1', OPENAI_MODEL: 'qwen' });
    expect(view).toMatchObject({ authenticated: 'yes' });
    expect(view.models.map((model) => model.id)).toEqual(['qwen', 'rehearsal:first-session']);
  });

  test('with nothing at all it says what to set', async () => {
    const view = await createWorkerBackend({ env: {}, clock, version: '1', serverMarker: 'm' }).probe();
    expect(view.problem).toContain('ANTHROPIC_API_KEY');
  });
});

describe('which model answers', () => {
  test('the default is that of the first provider with a key', () => {
    expect(toDefaultModel({ ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k' }, rehearsal)).toMatch(/^claude/);
    expect(toDefaultModel({ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'mine' }, rehearsal)).toBe('mine');
    expect(toDefaultModel({}, rehearsal)).toBe('rehearsal:first-session');
    expect(toDefaultModel({ ANTHROPIC_API_KEY: '  ' }, undefined)).toBeUndefined();
  });

  test.each([
    ['claude-opus-5-5', 'Anthropic'],
    ['gpt-5.5', 'OpenAI'],
    ['something-else', 'OpenAI'],
    ['rehearsal:echo', 'The rehearsal'],
  ])('%s is asked of %s', async (model, provider) => {
    const env = { ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k' };
    expect(await selectModel({ env, model, rehearsal })).toMatchObject({ id: model, provider });
  });

  test('a model without a key is refused with what to set', async () => {
    await expect(selectModel({ env: {}, model: 'claude-opus-5-5', rehearsal })).rejects.toThrow(
      /Set ANTHROPIC_API_KEY/,
    );
    await expect(selectModel({ env: {}, model: undefined, rehearsal: undefined })).rejects.toThrow(/no key is set/);
  });
});

describe('cost', () => {
  const request = { input: 1_000_000, output: 100_000, cacheRead: 1_000_000, cacheWrite: 0 };

  test('is counted by the price list', () => {
    expect(toCost(request, 'claude-opus-5-5')).toBeCloseTo(4 + 2 + 0.2);
  });

  test('is absent for a model without a price, and stays absent', () => {
    const spent = addRequest(nothingSpent, request, 'no-such-model');
    expect(spent.costUsd).toBeUndefined();
    expect(addRequest(spent, request, 'claude-opus-5-5').costUsd).toBeUndefined();
    expect(spent.usage.inputTokens).toBe(1_000_000);
  });
});
