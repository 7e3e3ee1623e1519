import { z } from 'zod';
import { sessionIdSchema, turnIdSchema } from '../id.ts';

/**
 * Makes a new session that knows the conversation of this one up to and including a turn that has ended; without `turnId`
 * up to the last that has. This session stays as it is. Refused when the agent cannot branch there.
 */
export const sessionForkCommandSchema = z.strictObject({
  type: z.literal('session.fork'),
  sessionId: sessionIdSchema,
  turnId: turnIdSchema.optional(),
  /** Of the new session. */
  forkId: sessionIdSchema.optional(),
  title: z.string().trim().min(1).max(300).optional(),
});
export type SessionForkCommand = z.infer<typeof sessionForkCommandSchema>;
