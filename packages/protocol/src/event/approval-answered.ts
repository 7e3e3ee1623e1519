import { z } from 'zod';
import { approvalIdSchema } from '../id.ts';

/** `option` is the id of one of the offered options. */
export const approvalAnsweredEventSchema = z.object({
  type: z.literal('approval.answered'),
  approvalId: approvalIdSchema,
  option: z.string(),
  note: z.string().optional(),
  input: z.record(z.string(), z.unknown()).optional(),
  by: z.string(),
  via: z.enum(['user', 'policy']),
});
export type ApprovalAnsweredEvent = z.infer<typeof approvalAnsweredEventSchema>;
