import { z } from 'zod';
import { recordedEventSchema } from '../event/event.ts';
import { foundSessionSchema, historyStatusSchema, keptListSchema, searchHitSchema } from '../found-session.ts';
import { foundIdSchema, sessionIdSchema } from '../id.ts';
import { sessionViewSchema } from '../session.ts';
import { defineRoute } from './route.ts';

const byId = z.object({ id: foundIdSchema });
const limit = z.coerce.number().int().min(1).max(200).default(50);

export const listFound = defineRoute({
  method: 'GET',
  path: '/history',
  summary:
    'Conversations that began outside Baton, newest activity first; those that Baton goes on with are not among them',
  query: z.object({
    backend: z.string().max(64).optional(),
    /** Exactly this folder. */
    cwd: z.string().max(4096).optional(),
    /** Matches title and folder, without case. */
    q: z.string().max(200).optional(),
    limit,
    cursor: z.string().max(200).optional(),
  }),
  status: 200,
  response: z.object({ items: z.array(foundSessionSchema), cursor: z.string().optional() }),
});

export const getHistoryStatus = defineRoute({
  method: 'GET',
  path: '/history/status',
  summary: 'How far the index is',
  status: 200,
  response: historyStatusSchema,
});

export const lookForConversations = defineRoute({
  method: 'POST',
  path: '/backends/:id/conversations',
  summary:
    'Ask an agent with the capability `list` which conversations it keeps, and take them over into the list: it is started and ended for that',
  params: z.object({ id: z.string().min(1).max(64) }),
  status: 200,
  response: keptListSchema,
});

export const getFound = defineRoute({
  method: 'GET',
  path: '/history/:id',
  summary: 'One of them with all that was said, as events: read-only',
  params: byId,
  status: 200,
  response: z.object({
    session: foundSessionSchema,
    /** Their `sessionId` stands for no session; `seq` counts from 1. */
    events: z.array(recordedEventSchema),
  }),
});

export const resumeFound = defineRoute({
  method: 'POST',
  path: '/history/:id/resume',
  summary:
    'Go on with it in Baton under its own id, or with `fork` from it; answers with the session there is when Baton goes on with it already',
  params: byId,
  body: z.strictObject({ fork: z.boolean().default(false), id: sessionIdSchema.optional() }).prefault({}),
  status: 201,
  response: sessionViewSchema,
});

export const search = defineRoute({
  method: 'GET',
  path: '/search',
  summary:
    'Words in all conversations, own and found, newest first; "quoted words" stand together, the last word may be unfinished',
  query: z.object({
    q: z.string().trim().min(1).max(200),
    limit,
    cursor: z.string().max(200).optional(),
  }),
  status: 200,
  response: z.object({ items: z.array(searchHitSchema), cursor: z.string().optional() }),
});
