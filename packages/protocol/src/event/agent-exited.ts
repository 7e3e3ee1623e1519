import { z } from 'zod';
import { failureSchema } from '../error.ts';

/** `expected` is true when Baton asked for it. `failure` says why an unexpected end happened and what to do. */
export const agentExitedEventSchema = z.object({
  type: z.literal('agent.exited'),
  code: z.int().nullable(),
  signal: z.string().nullable(),
  expected: z.boolean(),
  failure: failureSchema.optional(),
});
export type AgentExitedEvent = z.infer<typeof agentExitedEventSchema>;
