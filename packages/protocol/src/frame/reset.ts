import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';

/** The log was replaced (restore from a backup): forget the session and subscribe from 0. */
export const resetFrameSchema = z.object({
  type: z.literal('reset'),
  sessionId: sessionIdSchema,
  reason: z.string(),
});
export type ResetFrame = z.infer<typeof resetFrameSchema>;
