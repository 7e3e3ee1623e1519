import { z } from 'zod';
import { turnIdSchema } from '../id.ts';

/**
 * The agent ended before it had the prompt of the turn that ran: the turn is back in the queue, before all others, and starts
 * again under its id. Nothing began in it, and it happens to a turn once at most.
 */
export const turnRequeuedEventSchema = z.object({
  type: z.literal('turn.requeued'),
  turnId: turnIdSchema,
  reason: z.string(),
});
export type TurnRequeuedEvent = z.infer<typeof turnRequeuedEventSchema>;
