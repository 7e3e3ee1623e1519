import { z } from 'zod';
import { usageSchema } from '../agent.ts';
import { failureSchema } from '../error.ts';
import { turnIdSchema } from '../id.ts';

/** Exactly once per started turn, whatever dies. All items, approvals and questions of the turn are closed before it. */
export const turnEndedEventSchema = z.object({
  type: z.literal('turn.ended'),
  turnId: turnIdSchema,
  outcome: z.enum(['completed', 'interrupted', 'failed']),
  error: failureSchema.optional(),
  usage: usageSchema.optional(),
  costUsd: z.number().nonnegative().optional(),
  /** The agent's own name of this point in the conversation, where one can come back to it. */
  point: z.string().optional(),
  durationMs: z.number().nonnegative(),
});
export type TurnEndedEvent = z.infer<typeof turnEndedEventSchema>;
