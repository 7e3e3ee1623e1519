import { z } from 'zod';
import { sessionIdSchema, turnIdSchema } from '../id.ts';

/** Removes a turn that has not started. */
export const turnUnqueueCommandSchema = z.strictObject({
  type: z.literal('turn.unqueue'),
  sessionId: sessionIdSchema,
  turnId: turnIdSchema,
});
export type TurnUnqueueCommand = z.infer<typeof turnUnqueueCommandSchema>;
