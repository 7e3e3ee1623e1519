import { z } from 'zod';
import { itemIdSchema, turnIdSchema } from '../id.ts';
import { itemSchema } from '../item.ts';

export const itemStartedEventSchema = z.object({
  type: z.literal('item.started'),
  turnId: turnIdSchema,
  itemId: itemIdSchema,
  parentItemId: itemIdSchema.optional(),
  item: itemSchema,
});
export type ItemStartedEvent = z.infer<typeof itemStartedEventSchema>;
