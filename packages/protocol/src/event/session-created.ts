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
  effort: z.string().optional(),
  /** The session this one was forked from, and the last turn they share. */
  parent: z.object({ sessionId: sessionIdSchema, turnId: turnIdSchema.optional() }).optional(),
  /** The agent's own conversation that this session goes on with: one that began elsewhere. */
  nativeId: z.string().optional(),
  /** The agent's own conversation, and the point in it, that this session's own begins from. */
  branch: z.object({ nativeId: z.string(), point: z.string().optional() }).optional(),
  /** How many of the events after this one were taken over from elsewhere; their usage was counted there. */
  inherited: z.int().nonnegative().optional(),
  /** Where agents wait for a place, this one lets those of people go first. */
  background: z.boolean().optional(),
  by: z.string(),
});
export type SessionCreatedEvent = z.infer<typeof sessionCreatedEventSchema>;
