import { z } from 'zod';

/** A message of the agent that Baton does not know, kept whole. */
export const rawReceivedEventSchema = z.object({
  type: z.literal('raw.received'),
  source: z.string(),
  payload: z.unknown(),
});
export type RawReceivedEvent = z.infer<typeof rawReceivedEventSchema>;
