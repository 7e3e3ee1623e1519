import { z } from 'zod';
import { turnIdSchema } from '../id.ts';

/** The whole plan; it replaces the one before. */
export const planUpdatedEventSchema = z.object({
  type: z.literal('plan.updated'),
  turnId: turnIdSchema,
  entries: z.array(z.object({ title: z.string(), status: z.enum(['pending', 'in-progress', 'completed']) })),
});
export type PlanUpdatedEvent = z.infer<typeof planUpdatedEventSchema>;
