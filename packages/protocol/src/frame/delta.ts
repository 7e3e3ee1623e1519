import { z } from 'zod';
import { itemIdSchema, sessionIdSchema } from '../id.ts';
import { deltaFieldSchema } from '../item.ts';

/** `offset` is the length, in UTF-16 code units, of the item's field before `text`. */
export const deltaFrameSchema = z.object({
  type: z.literal('delta'),
  sessionId: sessionIdSchema,
  itemId: itemIdSchema,
  field: deltaFieldSchema,
  offset: z.int().nonnegative(),
  text: z.string(),
});
export type DeltaFrame = z.infer<typeof deltaFrameSchema>;
