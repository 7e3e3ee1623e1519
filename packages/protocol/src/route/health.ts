import { z } from 'zod';
import { defineRoute } from './route.ts';

export const getHealth = defineRoute({
  method: 'GET',
  path: '/health',
  summary: 'Whether the server is up; the one route without an identity',
  open: true,
  status: 200,
  /** `degraded`: the last write did not reach the disk; reads go on, and it mends itself when writing works again. */
  response: z.object({ status: z.enum(['ok', 'degraded']), version: z.string() }),
});
