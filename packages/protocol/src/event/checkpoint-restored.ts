import { z } from 'zod';
import { checkpointIdSchema } from '../id.ts';

/** The present was saved as `savedAs` before. */
export const checkpointRestoredEventSchema = z.object({
  type: z.literal('checkpoint.restored'),
  checkpointId: checkpointIdSchema,
  savedAs: checkpointIdSchema,
  paths: z.array(z.string()).optional(),
});
export type CheckpointRestoredEvent = z.infer<typeof checkpointRestoredEventSchema>;
