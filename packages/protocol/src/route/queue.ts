import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';
import { defineRoute } from './route.ts';

/** An agent that was asked for and has no place to start in yet. */
export const waitingStartSchema = z.object({
  sessionId: sessionIdSchema,
  /** 1 is next. */
  position: z.int().positive(),
  /** Whose session it is. */
  by: z.string(),
  background: z.boolean(),
  since: z.iso.datetime(),
  /** Not before then: it failed, or its backend did. */
  notBefore: z.iso.datetime().optional(),
});
export type WaitingStart = z.infer<typeof waitingStartSchema>;

export const listQueue = defineRoute({
  method: 'GET',
  path: '/queue',
  summary: 'Sessions whose agent waits for a place to start in, next one first',
  status: 200,
  response: z.object({ items: z.array(waitingStartSchema) }),
});

export const moveInQueue = defineRoute({
  method: 'POST',
  path: '/queue/:id',
  summary: 'Let a waiting session go first or last; a session that does not wait is a conflict',
  params: z.object({ id: sessionIdSchema }),
  body: z.strictObject({ move: z.enum(['first', 'last']) }),
  status: 200,
  response: z.object({ items: z.array(waitingStartSchema) }),
});
