import { z } from 'zod';
import { turnIdSchema } from '../id.ts';
import { storedInputSchema } from '../input.ts';

/**
 * `by` is "agent" for a turn that Baton did not ask for: the agent began it by itself (background work ending), with an empty
 * `input`, or somebody typed `input` into the agent's own terminal program.
 */
export const turnStartedEventSchema = z.object({
  type: z.literal('turn.started'),
  turnId: turnIdSchema,
  input: storedInputSchema,
  by: z.string(),
});
export type TurnStartedEvent = z.infer<typeof turnStartedEventSchema>;
