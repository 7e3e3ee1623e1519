import { expect, test } from 'vitest';
import { toArguments, toCodexEnvironment, toKeyNames, toProvider } from './launch.ts';

const NONE = { config: '', hasLogin: false };
const settings = (...args: Parameters<typeof toArguments>) =>
  Object.fromEntries(
    toArguments(...args).flatMap((text) => {
      const at = text.indexOf('=');
      return at === -1 ? [] : [[text.slice(0, at), text.slice(at + 1)]];
    }),
  );

test('gets what it needs of the environment, and what the session sets', () => {
  const from = { HOME: '/home/u', OPENAI_API_KEY: 'k', AWS_SECRET: 's', MY_KEY: 'm', BATON_OWNER_KEY: 'o' };
  expect(toCodexEnvironment(from, { A: 'b', BATON_X: 'y' }, ['MY_KEY'])).toEqual({
    ...{ HOME: '/home/u', OPENAI_API_KEY: 'k', MY_KEY: 'm', A: 'b' },
    ...{ RUST_LOG: 'error', NO_COLOR: '1' },
  });
});

test("knows which variables the user's own providers read", () => {
  expect(toKeyNames('[model_providers.a]\nenv_key = "A_KEY"\nname = "a"\n  env_key="B_KEY"')).toEqual([
    'A_KEY',
    'B_KEY',
  ]);
});

test('makes a provider of a base URL, and of a key alone where nobody signed in', () => {
  const proxy = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1/', OPENAI_API_KEY: 'k' };
  expect(toProvider(proxy, { ...NONE, hasLogin: true })).toEqual({
    baseUrl: 'http://127.0.0.1:9/v1',
    keyName: 'OPENAI_API_KEY',
  });
  expect(toProvider({ OPENAI_API_KEY: 'k' }, NONE)).toEqual({
    baseUrl: 'https://api.openai.com/v1',
    keyName: 'OPENAI_API_KEY',
  });
  expect(toProvider({ OPENAI_API_KEY: 'k' }, { ...NONE, hasLogin: true })).toBeUndefined();
  expect(toProvider({ OPENAI_API_KEY: 'k' }, { ...NONE, config: 'model_provider = "azure"' })).toBeUndefined();
  expect(toProvider({}, NONE)).toBeUndefined();
});

test('looks nothing up elsewhere with a model on this machine, and never gives away the key', () => {
  const here = settings({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_API_KEY: 'secret' }, NONE);
  expect(here).toMatchObject({ 'features.plugins': 'false', 'analytics.enabled': 'false', model_provider: '"baton"' });
  expect(JSON.stringify(here)).not.toContain('secret');
  const far = settings({ OPENAI_BASE_URL: 'https://proxy.example/v1' }, NONE);
  expect(far).not.toHaveProperty(['features.plugins']);
});

test('leaves what the user decided', () => {
  const config = 'model_reasoning_summary = "none"\n[shell_environment_policy]\ninherit = "core"\n';
  const mine = settings({}, { config, hasLogin: true });
  expect(mine).not.toHaveProperty('model_reasoning_summary');
  expect(mine).not.toHaveProperty(['shell_environment_policy.exclude']);
  expect(settings({}, NONE)).toMatchObject({
    'shell_environment_policy.exclude': expect.stringContaining('"OPENAI_API_KEY"'),
    'features.unbounded_connection_retries': 'false',
  });
});
