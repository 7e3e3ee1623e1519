import { z } from 'zod';

/** The agent process is to be ended; `agent.exited` follows. */
export const sessionStopRequestedEventSchema = z.object({
  type: z.literal('session.stop-requested'),
  by: z.string(),
});
export type SessionStopRequestedEvent = z.infer<typeof sessionStopRequestedEventSchema>;
