import { z } from 'zod';
import { sessionIdSchema, turnIdSchema } from '../id.ts';
import { inputSchema } from '../input.ts';

/** Adds to the running turn what its agent reads as soon as it can. Refused when no turn runs or the agent cannot. */
export const turnSteerCommandSchema = z.strictObject({
  type: z.literal('turn.steer'),
  sessionId: sessionIdSchema,
  /** When given, only this turn is meant. */
  turnId: turnIdSchema.optional(),
  input: inputSchema,
});
export type TurnSteerCommand = z.infer<typeof turnSteerCommandSchema>;
