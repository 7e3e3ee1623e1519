import { z } from 'zod';

export const pingFrameSchema = z.object({
  type: z.literal('ping'),
});
export type PingFrame = z.infer<typeof pingFrameSchema>;
