import { z } from 'zod';
import { turnIdSchema } from '../id.ts';

/** Somebody asked to end the running turn; its `turn.ended` follows. */
export const turnInterruptRequestedEventSchema = z.object({
  type: z.literal('turn.interrupt-requested'),
  turnId: turnIdSchema,
  by: z.string(),
});
export type TurnInterruptRequestedEvent = z.infer<typeof turnInterruptRequestedEventSchema>;
