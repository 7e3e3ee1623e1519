import { z } from 'zod';
import { approvalIdSchema } from '../id.ts';

/** The first answer wins. `input` replaces the tool's input where the agent allows it. */
export const approvalAnswerCommandSchema = z.strictObject({
  type: z.literal('approval.answer'),
  approvalId: approvalIdSchema,
  option: z.string().min(1).max(200),
  note: z.string().max(10_000).optional(),
  input: z.record(z.string(), z.unknown()).optional(),
});
export type ApprovalAnswerCommand = z.infer<typeof approvalAnswerCommandSchema>;
