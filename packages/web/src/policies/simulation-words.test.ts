import { expect, test } from 'vitest';
import { toDisagreement, toSimulationWords } from './simulation-words.ts';

test('what rules would have done is counted', () => {
  expect(toSimulationWords([])).toContain('no approvals yet');
  expect(toSimulationWords([{ effect: 'allow' }, { effect: 'ask' }])).toBe(
    'Of the last 2 approvals, 1 would be allowed, 0 denied and 1 asked.',
  );
});

test('a rule that would decide otherwise than a person did is told of', () => {
  expect(toDisagreement({ effect: 'allow', answered: 'deny-once' })).toBe('was denied');
  expect(toDisagreement({ effect: 'deny', answered: 'allow-always' })).toBe('was allowed');
  expect(toDisagreement({ effect: 'ask', answered: 'deny-once' })).toBeUndefined();
  expect(toDisagreement({ effect: 'allow' })).toBeUndefined();
});
