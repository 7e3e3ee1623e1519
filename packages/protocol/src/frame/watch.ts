import { z } from 'zod';
import { watchedNameSchema } from './topic.ts';

/** Yields `topic` frames: a snapshot first, then every change. */
export const watchFrameSchema = z.object({
  type: z.literal('watch'),
  topic: watchedNameSchema,
});
export type WatchFrame = z.infer<typeof watchFrameSchema>;
