import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseJson } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toListeningUrl, toOpencodeEnvironment } from './launch.ts';

function readConfig(env: Record<string, string>): unknown {
  const parsed = parseJson(env['OPENCODE_CONFIG_CONTENT'] ?? '');
  return parsed.ok ? parsed.value : undefined;
}

test('passes on keys of providers and what is meant for OpenCode, and no secret of Baton or of another server', () => {
  const from = {
    ANTHROPIC_API_KEY: 'a',
    OPENCODE_CONFIG: '/c',
    BATON_OWNER_KEY: 'b',
    OTHER: 'o',
    OPENCODE_SERVER_PASSWORD: 'p',
  };
  const env = toOpencodeEnvironment(from, { OPENCODE_PERMISSION: '{}' });
  expect(env).toMatchObject({ ANTHROPIC_API_KEY: 'a', OPENCODE_CONFIG: '/c', OPENCODE_PERMISSION: '{}' });
  for (const name of ['BATON_OWNER_KEY', 'OTHER', 'OPENCODE_SERVER_PASSWORD']) expect(env).not.toHaveProperty(name);
});

test("adds its plugin to the user's configuration, and leaves one it cannot read as it is", () => {
  const plugin = expect.stringMatching(/^file:.*session-mark-plugin\.mjs$/);
  expect(readConfig(toOpencodeEnvironment({}, {}))).toEqual({ plugin: [plugin] });
  const set = { OPENCODE_CONFIG_CONTENT: '{"model":"a/b","plugin":["mine"]}' };
  expect(readConfig(toOpencodeEnvironment({}, set))).toEqual({ model: 'a/b', plugin: ['mine', plugin] });
  const commented = '{ // mine\n "model": "a/b" }';
  expect(toOpencodeEnvironment({}, { OPENCODE_CONFIG_CONTENT: commented })['OPENCODE_CONFIG_CONTENT']).toBe(commented);
});

test('the plugin is where the configuration says', () => {
  const url = /file:[^"]+/.exec(toOpencodeEnvironment({}, {})['OPENCODE_CONFIG_CONTENT'] ?? '')?.[0] ?? '';
  expect(existsSync(fileURLToPath(url))).toBe(true);
});

test('reads the address where it listens', () => {
  expect(toListeningUrl('opencode server listening on http://127.0.0.1:4096')).toBe('http://127.0.0.1:4096');
  expect(toListeningUrl('Warning: something')).toBeUndefined();
});
