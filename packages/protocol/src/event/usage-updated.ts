import { z } from 'zod';
import { contextSchema, usageSchema } from '../agent.ts';

/** `usage` and `costUsd` are totals of the session so far. */
export const usageUpdatedEventSchema = z.object({
  type: z.literal('usage.updated'),
  usage: usageSchema,
  context: contextSchema.optional(),
  costUsd: z.number().nonnegative().optional(),
});
export type UsageUpdatedEvent = z.infer<typeof usageUpdatedEventSchema>;
