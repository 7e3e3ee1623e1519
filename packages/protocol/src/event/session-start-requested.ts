import { z } from 'zod';

/** The agent process is to be started; `agent.started` or `agent.exited` follows. */
export const sessionStartRequestedEventSchema = z.object({
  type: z.literal('session.start-requested'),
  by: z.string(),
});
export type SessionStartRequestedEvent = z.infer<typeof sessionStartRequestedEventSchema>;
