import { z } from 'zod';

/** `archived: false` takes the session out of the archive again. */
export const sessionArchivedEventSchema = z.object({
  type: z.literal('session.archived'),
  archived: z.boolean(),
  by: z.string(),
});
export type SessionArchivedEvent = z.infer<typeof sessionArchivedEventSchema>;
