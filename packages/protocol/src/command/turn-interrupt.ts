import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';

/** Ends the running turn through the agent's own protocol. Queued turns stay queued and go on. */
export const turnInterruptCommandSchema = z.strictObject({
  type: z.literal('turn.interrupt'),
  sessionId: sessionIdSchema,
});
export type TurnInterruptCommand = z.infer<typeof turnInterruptCommandSchema>;
