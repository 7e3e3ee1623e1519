import { createId, type PolicyRule } from '@baton/protocol';

/** A fresh id of a rule. Impure. */
export function createRuleId(): string {
  return `rul_${createId('command').slice(4)}`;
}

/**
 * The rules with a new one where it has its effect and takes none from a prohibition: one that denies comes first, any
 * other right behind the last that denies.
 */
export function placeRule(rules: readonly PolicyRule[], rule: PolicyRule): PolicyRule[] {
  const at = rule.effect === 'deny' ? 0 : rules.findLastIndex(({ effect }) => effect === 'deny') + 1;
  return rules.toSpliced(at, 0, rule);
}

/** The rules with one moved by a place; the same when there is no place to move to. */
export function moveRule(rules: readonly PolicyRule[], id: string, step: 1 | -1): readonly PolicyRule[] {
  const from = rules.findIndex((rule) => rule.id === id);
  const rule = rules[from];
  const to = from + step;
  if (rule === undefined || to < 0 || to >= rules.length) return rules;
  return rules.toSpliced(from, 1).toSpliced(to, 0, rule);
}

/** The rules with this one in place of the one of its id, or at the end. */
export function putRule(rules: readonly PolicyRule[], rule: PolicyRule): PolicyRule[] {
  const at = rules.findIndex(({ id }) => id === rule.id);
  return at === -1 ? [...rules, rule] : rules.with(at, rule);
}
