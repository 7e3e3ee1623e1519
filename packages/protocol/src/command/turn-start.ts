import { z } from 'zod';
import { sessionIdSchema, turnIdSchema } from '../id.ts';
import { inputSchema } from '../input.ts';

/** Starts a turn, or queues it behind the running one. Starts the agent when it is not running. */
export const turnStartCommandSchema = z.strictObject({
  type: z.literal('turn.start'),
  sessionId: sessionIdSchema,
  turnId: turnIdSchema.optional(),
  input: inputSchema,
});
export type TurnStartCommand = z.infer<typeof turnStartCommandSchema>;
