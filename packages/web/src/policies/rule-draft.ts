import { policyRuleSchema, type PolicyRule } from '@baton/protocol';

type Match = PolicyRule['match'];

/** A rule as a form holds it: what is not filled in is empty. */
export interface RuleDraft {
  readonly id: string;
  readonly effect: PolicyRule['effect'];
  readonly backend: string;
  readonly folder: string;
  readonly tool: string;
  readonly command: string;
  readonly path: string;
  readonly riskAtMost: NonNullable<Match['riskAtMost']> | '';
  readonly note: string;
}

export function toRuleDraft(rule: PolicyRule): RuleDraft {
  const { backend = '', folder = '', tool = '', command = '', path = '', riskAtMost = '' } = rule.match;
  return { id: rule.id, effect: rule.effect, backend, folder, tool, command, path, riskAtMost, note: rule.note ?? '' };
}

export type DraftRead = { ok: true; rule: PolicyRule } | { ok: false; problem: string };

/** The rule a form describes. Empty fields match anything. */
export function readRuleDraft(draft: RuleDraft): DraftRead {
  const { id, effect, riskAtMost } = draft;
  const match: Match = {};
  for (const name of ['backend', 'folder', 'tool', 'command', 'path'] as const) {
    const text = draft[name].trim();
    if (text !== '') match[name] = text;
  }
  if (riskAtMost !== '') match.riskAtMost = riskAtMost;
  const note = draft.note.trim();
  const parsed = policyRuleSchema.safeParse({ id, effect, match, ...(note === '' ? {} : { note }) });
  if (parsed.success) return { ok: true, rule: parsed.data };
  return { ok: false, problem: parsed.error.issues[0]?.message ?? 'This is not a rule' };
}
