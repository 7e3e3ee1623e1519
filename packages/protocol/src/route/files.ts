import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';
import { defineRoute } from './route.ts';

const folderSchema = z.object({ name: z.string(), path: z.string(), git: z.boolean() });

export const listFolders = defineRoute({
  method: 'GET',
  path: '/folders',
  summary: 'Folders inside one of the allowed roots, for the folder picker; without `path` the roots themselves',
  query: z.object({ path: z.string().max(4096).optional(), hidden: z.stringbool().optional() }),
  status: 200,
  response: z.object({ path: z.string().optional(), parent: z.string().optional(), items: z.array(folderSchema) }),
});

export const findFiles = defineRoute({
  method: 'GET',
  path: '/sessions/:id/files',
  summary: "Paths in the session's folder that match `q`, best first, for file mentions",
  params: z.object({ id: sessionIdSchema }),
  query: z.object({ q: z.string().max(200).default(''), limit: z.coerce.number().int().min(1).max(100).default(20) }),
  status: 200,
  response: z.object({ items: z.array(z.object({ path: z.string() })) }),
});

export const getGit = defineRoute({
  method: 'GET',
  path: '/sessions/:id/git',
  summary: "Branch of the session's folder; `branch` is absent outside a repository",
  params: z.object({ id: sessionIdSchema }),
  status: 200,
  response: z.object({ branch: z.string().optional(), dirty: z.boolean().optional() }),
});
