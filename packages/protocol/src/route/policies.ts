import { z } from 'zod';
import { approvalActionSchema, riskSchema } from '../approval.ts';
import { POLICY_EFFECTS, policiesChangeSchema, policiesSchema, policiesViewSchema } from '../policy.ts';
import { approvalIdSchema } from '../id.ts';
import { defineRoute } from './route.ts';

export const getPolicies = defineRoute({
  method: 'GET',
  path: '/policies',
  summary: 'The rules that answer approvals, in order',
  status: 200,
  response: policiesViewSchema,
});

export const putPolicies = defineRoute({
  method: 'PUT',
  path: '/policies',
  summary:
    'Replace all rules; they hold for approvals that are asked from now on. With the revision they were read with, rules ' +
    'that were changed meanwhile are not replaced: that is a conflict',
  body: policiesChangeSchema,
  status: 200,
  response: policiesViewSchema,
});

const effect = z.enum(POLICY_EFFECTS);

export const simulatePolicies = defineRoute({
  method: 'POST',
  path: '/policies/simulate',
  summary: 'What rules would do: with an action, for it; without, for the last approvals there were',
  body: z
    .strictObject({
      /** Default: the rules in force. */
      rules: policiesSchema.shape.rules.optional(),
      action: z
        .strictObject({
          ...approvalActionSchema.shape,
          backend: z.string(),
          cwd: z.string(),
          risk: riskSchema.shape.level.optional(),
        })
        .optional(),
      limit: z.int().min(1).max(500).default(100),
    })
    .prefault({}),
  status: 200,
  response: z.object({
    items: z.array(
      z.object({
        approvalId: approvalIdSchema.optional(),
        title: z.string(),
        effect,
        /** The rule that decided; absent: none matched. */
        ruleId: z.string().optional(),
        /** What became of it, for an approval that was. */
        answered: z.string().optional(),
      }),
    ),
  }),
});
