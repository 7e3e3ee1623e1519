import { z } from 'zod';
import { problemSchema } from '../error.ts';
import { sessionIdSchema } from '../id.ts';

/** A frame could not be served. `sessionId` is there when it was about one session. */
export const errorFrameSchema = z.object({
  type: z.literal('error'),
  error: problemSchema,
  sessionId: sessionIdSchema.optional(),
});
export type ErrorFrame = z.infer<typeof errorFrameSchema>;
