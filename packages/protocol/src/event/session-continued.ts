import { z } from 'zod';

/** The conversation went on in the agent's own program, outside Baton: so many of the events that follow happened there. */
export const sessionContinuedEventSchema = z.object({
  type: z.literal('session.continued'),
  events: z.int().positive(),
});
export type SessionContinuedEvent = z.infer<typeof sessionContinuedEventSchema>;
