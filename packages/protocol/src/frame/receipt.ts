import { z } from 'zod';
import { problemSchema } from '../error.ts';
import { commandIdSchema } from '../id.ts';

/** What became of a command. A command that is accepted is stored before this is sent. */
export const receiptFrameSchema = z.object({
  type: z.literal('receipt'),
  id: commandIdSchema,
  ok: z.boolean(),
  result: z.unknown().optional(),
  error: problemSchema.optional(),
});
export type ReceiptFrame = z.infer<typeof receiptFrameSchema>;
