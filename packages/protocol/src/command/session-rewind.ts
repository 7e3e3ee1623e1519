import { z } from 'zod';
import { sessionIdSchema, turnIdSchema } from '../id.ts';

/**
 * Goes back to the end of a turn: the turns after it are taken back from the conversation. Files stay as
 * they are; the route puts them back through a checkpoint when asked. Refused while a turn runs.
 */
export const sessionRewindCommandSchema = z.strictObject({
  type: z.literal('session.rewind'),
  sessionId: sessionIdSchema,
  turnId: turnIdSchema,
});
export type SessionRewindCommand = z.infer<typeof sessionRewindCommandSchema>;
