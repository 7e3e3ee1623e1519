import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';

export const sessionArchiveCommandSchema = z.strictObject({
  type: z.literal('session.archive'),
  sessionId: sessionIdSchema,
  archived: z.boolean().default(true),
});
export type SessionArchiveCommand = z.infer<typeof sessionArchiveCommandSchema>;
