import { z } from 'zod';
import { turnIdSchema } from '../id.ts';

/** The conversation went back to the end of `turnId`: what came after it is no part of it any more. */
export const sessionRewoundEventSchema = z.object({
  type: z.literal('session.rewound'),
  /** Absent: it went back to its beginning. */
  turnId: turnIdSchema.optional(),
  /** The seq of the last event that stays; those between it and this one do not. */
  after: z.int().positive(),
  /** A turn that runs meanwhile, and stays: what was taken back ends before its start, which has this seq. */
  before: z.object({ turnId: turnIdSchema, seq: z.int().positive() }).optional(),
  /** Where the agent goes back to, in its own words; absent where it did so by itself, or has no words for it. */
  branch: z.object({ nativeId: z.string(), point: z.string().optional() }).optional(),
  /** `agent`: somebody went back in the agent's own program. */
  by: z.string(),
});
export type SessionRewoundEvent = z.infer<typeof sessionRewoundEventSchema>;
