import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';
import { defineRoute } from './route.ts';

const WAIT_REASONS = [
  /** As many agents run as the server allows. */
  'all-taken',
  /** As many of this user's agents run as one user may have. */
  'user-taken',
  /** Its agent failed; it is tried again at `notBefore`. */
  'failed',
  /** Starts of its backend fail in a row: none is tried before `notBefore`. */
  'backend-failing',
] as const;
const waitReasonSchema = z.enum(WAIT_REASONS);
export type WaitReason = z.infer<typeof waitReasonSchema>;

/** An agent that was asked for and has no place to start in yet. */
export const waitingStartSchema = z.object({
  sessionId: sessionIdSchema,
  /** 1 is next. */
  position: z.int().positive(),
  /** Whose session it is. */
  by: z.string(),
  background: z.boolean(),
  since: z.iso.datetime(),
  because: waitReasonSchema,
  /** Not before then: it failed, or its backend did. */
  notBefore: z.iso.datetime().optional(),
});
export type WaitingStart = z.infer<typeof waitingStartSchema>;

/** Who waits for a place, who has one, and how many there are. */
export const agentQueueSchema = z.object({
  /** Next one first. */
  items: z.array(waitingStartSchema),
  /** Sessions whose agent has a place, idle ones included, which make room when somebody waits. */
  running: z.array(z.object({ sessionId: sessionIdSchema, by: z.string() })),
  /** How many agents run at once, in all and for one user; 0: as many as are asked for. */
  limits: z.object({ inAll: z.int().nonnegative(), perUser: z.int().nonnegative() }),
});
export type AgentQueue = z.infer<typeof agentQueueSchema>;

export const listQueue = defineRoute({
  method: 'GET',
  path: '/queue',
  summary:
    'Sessions whose agent waits for a place to start in, next one first, with the reason, and those that have one',
  status: 200,
  response: agentQueueSchema,
});

export const moveInQueue = defineRoute({
  method: 'POST',
  path: '/queue/:id',
  summary: 'Let a waiting session go first or last; a session that does not wait is a conflict',
  params: z.object({ id: sessionIdSchema }),
  body: z.strictObject({ move: z.enum(['first', 'last']) }),
  status: 200,
  response: agentQueueSchema,
});
