import { expect, test } from 'vitest';
import { readRuleDraft, toRuleDraft } from './rule-draft.ts';

test('a rule goes through the form unchanged', () => {
  const rule = {
    id: 'r1',
    effect: 'deny',
    match: { command: 'rm **', riskAtMost: 'high' },
    note: 'Ask me first',
  } as const;
  expect(readRuleDraft(toRuleDraft(rule))).toEqual({ ok: true, rule });
});

test('blanks match anything, and what is too long is refused', () => {
  const draft = toRuleDraft({ id: 'r1', effect: 'allow', match: {} });
  expect(readRuleDraft({ ...draft, tool: '  ' })).toEqual({ ok: true, rule: { id: 'r1', effect: 'allow', match: {} } });
  expect(readRuleDraft({ ...draft, tool: 'x'.repeat(201) })).toMatchObject({ ok: false });
});
