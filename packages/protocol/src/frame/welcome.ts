import { z } from 'zod';

/** `serverId` changes with every start of the server. */
export const welcomeFrameSchema = z.object({
  type: z.literal('welcome'),
  protocol: z.int(),
  serverId: z.string(),
  version: z.string(),
  user: z.object({ id: z.string(), name: z.string(), role: z.string() }),
});
export type WelcomeFrame = z.infer<typeof welcomeFrameSchema>;
