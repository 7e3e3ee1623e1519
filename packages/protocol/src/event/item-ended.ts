import { z } from 'zod';
import { itemIdSchema } from '../id.ts';
import { itemSchema } from '../item.ts';

/** Carries the whole item, which replaces all that was streamed of it. */
export const itemEndedEventSchema = z.object({
  type: z.literal('item.ended'),
  itemId: itemIdSchema,
  item: itemSchema,
});
export type ItemEndedEvent = z.infer<typeof itemEndedEventSchema>;
