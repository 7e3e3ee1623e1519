import { z } from 'zod';
import { turnIdSchema } from '../id.ts';

/** A queued turn was removed and will never start. */
export const turnUnqueuedEventSchema = z.object({
  type: z.literal('turn.unqueued'),
  turnId: turnIdSchema,
  by: z.string(),
});
export type TurnUnqueuedEvent = z.infer<typeof turnUnqueuedEventSchema>;
