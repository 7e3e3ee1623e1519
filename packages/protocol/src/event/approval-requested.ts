import { z } from 'zod';
import { approvalRequestSchema } from '../approval.ts';

/** Open until `approval.answered` or `approval.withdrawn`, exactly one of which follows. */
export const approvalRequestedEventSchema = approvalRequestSchema.extend({ type: z.literal('approval.requested') });
export type ApprovalRequestedEvent = z.infer<typeof approvalRequestedEventSchema>;
