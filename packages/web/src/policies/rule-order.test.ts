import { policyRuleSchema, type PolicyRule } from '@baton/protocol';
import { expect, test } from 'vitest';
import { createRuleId, moveRule, placeRule, putRule } from './rule-order.ts';

const rule = (id: string, effect: PolicyRule['effect'] = 'allow'): PolicyRule => ({ id, effect, match: {} });
const ids = (rules: readonly PolicyRule[]) => rules.map(({ id }) => id).join('');

test('a new rule never steps before a prohibition, and a prohibition goes first', () => {
  const rules = [rule('a'), rule('b', 'deny'), rule('c')];
  expect(ids(placeRule(rules, rule('n')))).toBe('abnc');
  expect(ids(placeRule(rules, rule('n', 'deny')))).toBe('nabc');
  expect(ids(placeRule([], rule('n')))).toBe('n');
  expect(ids(placeRule([rule('a')], rule('n', 'ask')))).toBe('na');
});

test('rules move by a place and stop at the ends', () => {
  const rules = [rule('a'), rule('b'), rule('c')];
  expect(ids(moveRule(rules, 'b', -1))).toBe('bac');
  expect(ids(moveRule(rules, 'b', 1))).toBe('acb');
  expect(moveRule(rules, 'a', -1)).toBe(rules);
  expect(moveRule(rules, 'x', 1)).toBe(rules);
});

test('a changed rule keeps its place', () => {
  expect(putRule([rule('a'), rule('b')], rule('a', 'deny'))[0]?.effect).toBe('deny');
  expect(ids(putRule([rule('a')], rule('b')))).toBe('ab');
});

test('a fresh id is one the server takes', () => {
  expect(policyRuleSchema.safeParse(rule(createRuleId())).success).toBe(true);
});
