import type { AgentInstall } from '@baton/protocol';
import { expect, test } from 'vitest';
import { joinInstall, toLostInstall } from './join-install.ts';

const running: AgentInstall = {
  backend: 'opencode',
  state: 'running',
  package: 'opencode-ai@1',
  lines: ['one'],
  seq: 1,
};

test('lines are put one after the other, and the last state counts', () => {
  const news: AgentInstall = { ...running, state: 'succeeded', lines: ['two'], seq: 2 };
  expect(joinInstall(running, news)).toEqual({ ...news, lines: ['one', 'two'] });
  expect(joinInstall(undefined, running)).toEqual(running);
});

test('an installation that the server knows nothing of any more does not run for ever', () => {
  expect(toLostInstall(running)).toMatchObject({ state: 'failed', lines: ['one'] });
  expect(toLostInstall(running)?.failure).toContain('install it again');
  const ended: AgentInstall = { ...running, state: 'succeeded' };
  expect(toLostInstall(ended)).toBe(ended);
  expect(toLostInstall(undefined)).toBeUndefined();
});
