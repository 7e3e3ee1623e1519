import { expect, test } from 'vitest';
import { toRank } from './longest-first.ts';

test('whole products with real agents come first, then browsers, then single agents, and what is quick last', () => {
  const paths = [
    '/b/packages/core/src/session/decide.test.ts',
    '/b/packages/backends/src/claude/claude.agent.test.ts',
    '/b/e2e/session.browser.test.ts',
    '/b/e2e/soak/time.test.ts',
    '/b/e2e/behaviour/claude.agent.test.ts',
    '/b/e2e/behaviour/gemini.agent.test.ts',
    '/b/e2e/behaviour/opencode.agent.test.ts',
  ];
  const order = paths.toSorted((left, right) => toRank(left) - toRank(right));
  expect(order.map((path) => path.split('/').at(-1))).toEqual([
    'opencode.agent.test.ts',
    'gemini.agent.test.ts',
    'claude.agent.test.ts',
    'session.browser.test.ts',
    'claude.agent.test.ts',
    'time.test.ts',
    'decide.test.ts',
  ]);
});
