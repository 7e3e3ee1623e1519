import { z } from 'zod';
import { turnIdSchema } from '../id.ts';
import { storedInputSchema } from '../input.ts';

/** Somebody added to the running turn. */
export const turnSteeredEventSchema = z.object({
  type: z.literal('turn.steered'),
  turnId: turnIdSchema,
  input: storedInputSchema,
  by: z.string(),
});
export type TurnSteeredEvent = z.infer<typeof turnSteeredEventSchema>;
