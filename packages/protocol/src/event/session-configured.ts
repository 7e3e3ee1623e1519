import { z } from 'zod';

/** What changed, by a user or by the agent itself (`by: "agent"`); absent fields stay as they were. */
export const sessionConfiguredEventSchema = z.object({
  type: z.literal('session.configured'),
  title: z.string().optional(),
  model: z.string().optional(),
  mode: z.string().optional(),
  effort: z.string().optional(),
  /** 0: never. */
  stopUnwatchedMinutes: z.int().nonnegative().optional(),
  by: z.string(),
});
export type SessionConfiguredEvent = z.infer<typeof sessionConfiguredEventSchema>;
