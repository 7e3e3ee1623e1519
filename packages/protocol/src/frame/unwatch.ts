import { z } from 'zod';
import { watchedNameSchema } from './topic.ts';

export const unwatchFrameSchema = z.object({
  type: z.literal('unwatch'),
  topic: watchedNameSchema,
});
export type UnwatchFrame = z.infer<typeof unwatchFrameSchema>;
