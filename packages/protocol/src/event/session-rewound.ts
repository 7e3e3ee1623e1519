import { z } from 'zod';
import { turnIdSchema } from '../id.ts';

/** The conversation went back to the end of `turnId`: what came after it is no part of it any more. */
export const sessionRewoundEventSchema = z.object({
  type: z.literal('session.rewound'),
  turnId: turnIdSchema,
  /** The seq of the last event that stays; those between it and this one do not. */
  after: z.int().positive(),
  /** Where the agent goes back to, in its own words. */
  branch: z.object({ nativeId: z.string(), point: z.string().optional() }).optional(),
  by: z.string(),
});
export type SessionRewoundEvent = z.infer<typeof sessionRewoundEventSchema>;
