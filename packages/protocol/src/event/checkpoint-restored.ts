import { z } from 'zod';

/** The present was saved as `savedAs` before. */
export const checkpointRestoredEventSchema = z.object({
  type: z.literal('checkpoint.restored'),
  checkpointId: z.string(),
  savedAs: z.string(),
  paths: z.array(z.string()).optional(),
});
export type CheckpointRestoredEvent = z.infer<typeof checkpointRestoredEventSchema>;
