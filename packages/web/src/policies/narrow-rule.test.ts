import { expect, test } from 'vitest';
import { toNarrowRule } from './narrow-rule.ts';

const session = { backend: 'claude', cwd: '/work/app' };

test('a command becomes a rule for exactly itself', () => {
  const action = { kind: 'execute', tool: 'Bash', input: { command: 'npm test' } } as const;
  expect(toNarrowRule({ action, risk: { level: 'low', reasons: [] } }, session)).toEqual({
    effect: 'allow',
    match: { backend: 'claude', folder: '/work/app', tool: 'Bash', command: 'npm test', riskAtMost: 'low' },
  });
});

test('a file becomes a rule for that file, by its path in the folder', () => {
  const action = { kind: 'edit', tool: 'Edit', input: { file_path: '/work/app/src/a.ts' } } as const;
  expect(toNarrowRule({ action }, session).match).toMatchObject({ tool: 'Edit', path: 'src/a.ts' });
});

test('what names neither is bound to its tool', () => {
  const action = { kind: 'fetch', tool: 'WebFetch', input: { url: 'https://example.com' } } as const;
  expect(toNarrowRule({ action }, session).match).toEqual({ backend: 'claude', folder: '/work/app', tool: 'WebFetch' });
});
