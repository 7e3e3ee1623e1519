import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';

/** Starts the agent process again; does nothing when it runs. */
export const sessionStartCommandSchema = z.strictObject({
  type: z.literal('session.start'),
  sessionId: sessionIdSchema,
});
export type SessionStartCommand = z.infer<typeof sessionStartCommandSchema>;
