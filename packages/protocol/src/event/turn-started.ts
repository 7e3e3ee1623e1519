import { z } from 'zod';
import { turnIdSchema } from '../id.ts';
import { storedInputSchema } from '../input.ts';

/** `by` is "agent" for a turn that the agent began by itself (background work ending); its `input` is then empty. */
export const turnStartedEventSchema = z.object({
  type: z.literal('turn.started'),
  turnId: turnIdSchema,
  input: storedInputSchema,
  by: z.string(),
});
export type TurnStartedEvent = z.infer<typeof turnStartedEventSchema>;
