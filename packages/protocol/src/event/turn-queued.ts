import { z } from 'zod';
import { turnIdSchema } from '../id.ts';
import { storedInputSchema } from '../input.ts';

/** The turn waits for the running one. A turn that can start at once has no such event. */
export const turnQueuedEventSchema = z.object({
  type: z.literal('turn.queued'),
  turnId: turnIdSchema,
  input: storedInputSchema,
  by: z.string(),
});
export type TurnQueuedEvent = z.infer<typeof turnQueuedEventSchema>;
