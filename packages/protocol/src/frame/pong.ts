import { z } from 'zod';

export const pongFrameSchema = z.object({
  type: z.literal('pong'),
});
export type PongFrame = z.infer<typeof pongFrameSchema>;
