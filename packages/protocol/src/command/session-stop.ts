import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';

/** Ends the agent process; the session stays and can be resumed. */
export const sessionStopCommandSchema = z.strictObject({
  type: z.literal('session.stop'),
  sessionId: sessionIdSchema,
});
export type SessionStopCommand = z.infer<typeof sessionStopCommandSchema>;
