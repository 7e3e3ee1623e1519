import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';

/** Yields every event with a greater seq than `after`, in order, then `caught-up`, then live ones with deltas. */
export const subscribeFrameSchema = z.object({
  type: z.literal('subscribe'),
  sessionId: sessionIdSchema,
  after: z.int().nonnegative().default(0),
});
export type SubscribeFrame = z.infer<typeof subscribeFrameSchema>;
