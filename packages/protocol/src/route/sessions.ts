import { z } from 'zod';
import { sessionCreateCommandSchema } from '../command/session-create.ts';
import { sessionConfigureCommandSchema } from '../command/session-configure.ts';
import { recordedEventSchema } from '../event/event.ts';
import { sessionIdSchema, turnIdSchema } from '../id.ts';
import { inputSchema } from '../input.ts';
import { sessionStateSchema, sessionViewSchema } from '../session.ts';
import { defineRoute } from './route.ts';

const byId = z.object({ id: sessionIdSchema });
const limit = z.coerce.number().int().min(1).max(500).default(50);

export const createSession = defineRoute({
  method: 'POST',
  path: '/sessions',
  summary: 'Make a session; with `prompt` also start a turn. `id` or the Idempotency-Key header makes it repeatable',
  body: sessionCreateCommandSchema
    .omit({ type: true, sessionId: true, turnId: true })
    .extend({ id: sessionIdSchema.optional() }),
  status: 201,
  response: sessionViewSchema,
});

export const listSessions = defineRoute({
  method: 'GET',
  path: '/sessions',
  summary: 'Sessions, newest activity first',
  query: z.object({
    state: sessionStateSchema.optional(),
    backend: z.string().optional(),
    /** Matches title and folder, without case. */
    q: z.string().max(200).optional(),
    archived: z.stringbool().optional(),
    limit,
    cursor: z.string().max(200).optional(),
  }),
  status: 200,
  response: z.object({ items: z.array(sessionViewSchema), cursor: z.string().optional() }),
});

export const getSession = defineRoute({
  method: 'GET',
  path: '/sessions/:id',
  summary: 'One session',
  params: byId,
  status: 200,
  response: sessionViewSchema,
});

export const patchSession = defineRoute({
  method: 'PATCH',
  path: '/sessions/:id',
  summary: 'Change title, model, mode or archive state; model and mode reach a running agent at once',
  params: byId,
  body: sessionConfigureCommandSchema
    .omit({ type: true, sessionId: true })
    .extend({ archived: z.boolean().optional() })
    .refine((body) => Object.keys(body).length > 0, 'Nothing to change'),
  status: 200,
  response: sessionViewSchema,
});

export const deleteSession = defineRoute({
  method: 'DELETE',
  path: '/sessions/:id',
  summary: 'Stop the agent and delete the session with all its events',
  params: byId,
  status: 204,
});

export const startTurn = defineRoute({
  method: 'POST',
  path: '/sessions/:id/turns',
  summary: 'Start a turn, or queue it behind the running one',
  params: byId,
  body: z.strictObject({ id: turnIdSchema.optional(), input: inputSchema }),
  status: 202,
  response: z.object({ turnId: turnIdSchema, state: z.enum(['started', 'queued']) }),
});

export const unqueueTurn = defineRoute({
  method: 'DELETE',
  path: '/sessions/:id/turns/:turnId',
  summary: 'Remove a queued turn',
  params: z.object({ id: sessionIdSchema, turnId: turnIdSchema }),
  status: 204,
});

export const interruptSession = defineRoute({
  method: 'POST',
  path: '/sessions/:id/interrupt',
  summary: 'End the running turn',
  params: byId,
  status: 202,
  response: sessionViewSchema,
});

export const stopSession = defineRoute({
  method: 'POST',
  path: '/sessions/:id/stop',
  summary: 'End the agent process; the session stays and can be resumed',
  params: byId,
  status: 202,
  response: sessionViewSchema,
});

export const startSession = defineRoute({
  method: 'POST',
  path: '/sessions/:id/start',
  summary: 'Start the agent process again',
  params: byId,
  status: 202,
  response: sessionViewSchema,
});

export const listEvents = defineRoute({
  method: 'GET',
  path: '/sessions/:id/events',
  summary:
    'Events after a seq as a JSON page, or with Accept: text/event-stream as a live stream; a page of large events has fewer than asked for, and the last has seq',
  params: byId,
  query: z.object({
    after: z.coerce.number().int().nonnegative().default(0),
    limit: z.coerce.number().int().min(1).max(5000).default(500),
  }),
  status: 200,
  response: z.object({ events: z.array(recordedEventSchema), seq: z.int().nonnegative() }),
});
