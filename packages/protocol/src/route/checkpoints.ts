import { z } from 'zod';
import { checkpointDiffSchema, checkpointViewSchema } from '../checkpoint.ts';
import { checkpointIdSchema, sessionIdSchema } from '../id.ts';
import { defineRoute } from './route.ts';

const bySession = z.object({ id: sessionIdSchema });
const byId = z.object({ id: checkpointIdSchema });

export const listCheckpoints = defineRoute({
  method: 'GET',
  path: '/sessions/:id/checkpoints',
  summary: 'The timeline of the working tree, oldest first',
  params: bySession,
  status: 200,
  response: z.object({ items: z.array(checkpointViewSchema) }),
});

export const createCheckpoint = defineRoute({
  method: 'POST',
  path: '/sessions/:id/checkpoints',
  summary: 'Save the working tree as it is now',
  params: bySession,
  body: z.strictObject({ title: z.string().trim().min(1).max(300).optional() }).prefault({}),
  status: 201,
  response: checkpointViewSchema,
});

export const diffCheckpoint = defineRoute({
  method: 'GET',
  path: '/checkpoints/:id/diff',
  summary: 'What changed from this checkpoint to another one of the same session, or to now',
  params: byId,
  query: z.object({ to: z.union([z.literal('now'), checkpointIdSchema]).default('now') }),
  status: 200,
  response: checkpointDiffSchema,
});

export const restoreCheckpoint = defineRoute({
  method: 'POST',
  path: '/checkpoints/:id/restore',
  summary: 'Put the working tree, or these paths of it, back; the present is saved first, under `savedAs`',
  params: byId,
  body: z.strictObject({ paths: z.array(z.string().min(1).max(4096)).min(1).max(10_000).optional() }).prefault({}),
  status: 200,
  response: z.object({
    checkpointId: checkpointIdSchema,
    savedAs: checkpointIdSchema,
    /** Files that were written or removed. */
    files: z.int().nonnegative(),
  }),
});
