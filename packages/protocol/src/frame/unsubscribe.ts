import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';

export const unsubscribeFrameSchema = z.object({
  type: z.literal('unsubscribe'),
  sessionId: sessionIdSchema,
});
export type UnsubscribeFrame = z.infer<typeof unsubscribeFrameSchema>;
