import { z } from 'zod';
import { checkpointIdSchema, turnIdSchema } from '../id.ts';

/** A snapshot of the working tree was taken; `files` counts those that differ from the one before. */
export const checkpointCreatedEventSchema = z.object({
  type: z.literal('checkpoint.created'),
  checkpointId: checkpointIdSchema,
  title: z.string(),
  parent: checkpointIdSchema.optional(),
  turnId: turnIdSchema.optional(),
  trigger: z.string(),
  files: z.int().nonnegative(),
});
export type CheckpointCreatedEvent = z.infer<typeof checkpointCreatedEventSchema>;
