import { z } from 'zod';
import { backendViewSchema } from '../agent.ts';
import { defineRoute } from './route.ts';

export const listBackends = defineRoute({
  method: 'GET',
  path: '/backends',
  summary: 'Each backend: what was found, what it can do, and what to mend',
  query: z.object({ refresh: z.stringbool().optional() }),
  status: 200,
  response: z.object({ items: z.array(backendViewSchema) }),
});
