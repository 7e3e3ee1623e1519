import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';

/** All events up to `seq` were sent; what follows is live. */
export const caughtUpFrameSchema = z.object({
  type: z.literal('caught-up'),
  sessionId: sessionIdSchema,
  seq: z.int().nonnegative(),
});
export type CaughtUpFrame = z.infer<typeof caughtUpFrameSchema>;
