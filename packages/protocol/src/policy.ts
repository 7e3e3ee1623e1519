import { z } from 'zod';
import { riskSchema } from './approval.ts';

export const POLICY_EFFECTS = ['allow', 'ask', 'deny'] as const;

/**
 * One rule: all fields of `match` that are given must match. Patterns are globs (`*` within a path segment or word, `**`
 * across, `?` one character), compared whole and case-sensitively; `riskAtMost` compares low < medium < high.
 */
export const policyRuleSchema = z.strictObject({
  id: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/, 'Expected letters, digits, "_" and "-", at most 64'),
  effect: z.enum(POLICY_EFFECTS),
  match: z.strictObject({
    backend: z.string().min(1).max(200).optional(),
    folder: z.string().min(1).max(4096).optional(),
    tool: z.string().min(1).max(200).optional(),
    command: z.string().min(1).max(4096).optional(),
    path: z.string().min(1).max(4096).optional(),
    riskAtMost: riskSchema.shape.level.optional(),
  }),
  note: z.string().max(1000).optional(),
});
export type PolicyRule = z.infer<typeof policyRuleSchema>;

/** In order: the first rule that matches decides; none means ask. */
export const policiesSchema = z.strictObject({
  rules: z
    .array(policyRuleSchema)
    .max(500)
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'Two rules have the same id'),
});
export type Policies = z.infer<typeof policiesSchema>;

/** The rules in force. `revision` stands for exactly these rules: it is the same as long as they are. */
export const policiesViewSchema = policiesSchema.extend({ revision: z.string() });
export type PoliciesView = z.infer<typeof policiesViewSchema>;

/** With `revision` the rules are replaced only if those in force are still the ones it stands for. */
export const policiesChangeSchema = policiesSchema.extend({ revision: z.string().max(100).optional() });
