import { z } from 'zod';
import { topicNameSchema } from './topic.ts';

export const unwatchFrameSchema = z.object({
  type: z.literal('unwatch'),
  topic: topicNameSchema,
});
export type UnwatchFrame = z.infer<typeof unwatchFrameSchema>;
