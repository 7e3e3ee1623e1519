import { z } from 'zod';
import { approvalIdSchema } from '../id.ts';

/** Nobody has to answer any more; `reason` says why in words. */
export const approvalWithdrawnEventSchema = z.object({
  type: z.literal('approval.withdrawn'),
  approvalId: approvalIdSchema,
  reason: z.string(),
});
export type ApprovalWithdrawnEvent = z.infer<typeof approvalWithdrawnEventSchema>;
