import { z } from 'zod';
import { sessionIdSchema, turnIdSchema } from '../id.ts';
import { inputSchema } from '../input.ts';
import { sessionViewSchema } from '../session.ts';
import { defineRoute } from './route.ts';

const byId = z.object({ id: sessionIdSchema });

export const forkSession = defineRoute({
  method: 'POST',
  path: '/sessions/:id/fork',
  summary:
    'Make a session that shares the conversation up to the end of a turn; without `turnId` up to the last that ended',
  params: byId,
  body: z
    .strictObject({
      turnId: turnIdSchema.optional(),
      /** Of the new session. */
      id: sessionIdSchema.optional(),
      title: z.string().trim().min(1).max(300).optional(),
    })
    .prefault({}),
  status: 201,
  response: sessionViewSchema,
});

export const rewindSession = defineRoute({
  method: 'POST',
  path: '/sessions/:id/rewind',
  summary: 'Go back to the end of a turn; with `files` the working tree goes back too, and the present is saved first',
  params: byId,
  body: z.strictObject({ turnId: turnIdSchema, files: z.boolean().default(false) }),
  status: 200,
  response: sessionViewSchema,
});

export const steerTurn = defineRoute({
  method: 'POST',
  path: '/sessions/:id/steer',
  summary: 'Add to the running turn what its agent reads as soon as it can',
  params: byId,
  body: z.strictObject({ turnId: turnIdSchema.optional(), input: inputSchema }),
  status: 202,
  response: sessionViewSchema,
});
