import type { PolicyRule } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toRuleText } from './rule-words.ts';

const text = (effect: PolicyRule['effect'], match: PolicyRule['match']) => toRuleText({ effect, match });

test('a rule reads as a sentence', () => {
  expect(text('allow', { command: 'npm test', folder: '/home/ada/work/app', riskAtMost: 'low' })).toBe(
    'Allow “npm test” in “~/work/app” when risk is low',
  );
  expect(text('ask', { path: 'src/**', backend: 'claude' })).toBe('Ask about access to “src/**” by Claude Code');
  expect(text('deny', { tool: 'Bash', backend: '*' })).toBe('Deny the tool “Bash” by “*”');
  expect(text('deny', { command: 'rm **', tool: 'Bash' })).toBe('Deny “rm **” through “Bash”');
  expect(text('allow', {})).toBe('Allow everything');
  expect(text('allow', { riskAtMost: 'medium' })).toBe('Allow everything when risk is at most medium');
});
