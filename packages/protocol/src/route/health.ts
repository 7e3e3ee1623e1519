import { z } from 'zod';
import { backendViewSchema } from '../agent.ts';
import { findingSchema } from '../finding.ts';
import { serverStatusSchema } from '../server-status.ts';
import { defineRoute } from './route.ts';

/** `degraded`: the last write did not reach the disk; reads go on, and it mends itself when writing works again. */
const status = z.enum(['ok', 'degraded']);

export const getHealth = defineRoute({
  method: 'GET',
  path: '/health',
  summary: 'Whether the server is up; with an identity also its details',
  open: true,
  status: 200,
  response: z.object({
    status,
    version: z.string(),
    /** Only for whoever has an identity. */
    details: serverStatusSchema
      .extend({
        backends: z.array(
          backendViewSchema.pick({
            id: true,
            title: true,
            installed: true,
            version: true,
            authenticated: true,
            problem: true,
          }),
        ),
      })
      .optional(),
  }),
});

export const getLive = defineRoute({
  method: 'GET',
  path: '/health/live',
  summary: 'For probes: answers as long as the process does, also while it stops',
  open: true,
  status: 200,
  response: z.object({ status: z.literal('ok') }),
});

export const getReady = defineRoute({
  method: 'GET',
  path: '/health/ready',
  summary: 'For probes: 200 when new work is taken and reaches the disk, else 503',
  open: true,
  status: 200,
  response: z.object({ status: z.literal('ok') }),
});

export const getDiagnosis = defineRoute({
  method: 'GET',
  path: '/diagnosis',
  summary: 'Reads all that is kept and says what is broken or left over, each with its mend; takes a while',
  status: 200,
  response: z.object({ items: z.array(findingSchema) }),
});
