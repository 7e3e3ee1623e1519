import { z } from 'zod';
import { sessionIdSchema, turnIdSchema } from '../id.ts';

/** Always seq 1. */
export const sessionCreatedEventSchema = z.object({
  type: z.literal('session.created'),
  backend: z.string(),
  cwd: z.string(),
  title: z.string().optional(),
  model: z.string().optional(),
  mode: z.string().optional(),
  parent: z.object({ sessionId: sessionIdSchema, turnId: turnIdSchema.optional() }).optional(),
  by: z.string(),
});
export type SessionCreatedEvent = z.infer<typeof sessionCreatedEventSchema>;
