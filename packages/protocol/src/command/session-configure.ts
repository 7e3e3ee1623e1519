import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';
import { programText } from '../program-text.ts';

/** At least one field; what is absent stays. */
export const sessionConfigureCommandSchema = z.strictObject({
  type: z.literal('session.configure'),
  sessionId: sessionIdSchema,
  title: z.string().trim().min(1).max(300).optional(),
  model: programText(200).min(1).optional(),
  mode: z.string().min(1).max(64).optional(),
  /** How hard the model thinks, in the agent's own words. */
  effort: z.string().min(1).max(64).optional(),
  /** Ends the agent, whatever it does, when nobody has watched the session for so long; 0: never. */
  stopUnwatchedMinutes: z.int().min(0).max(10_080).optional(),
});
export type SessionConfigureCommand = z.infer<typeof sessionConfigureCommandSchema>;
