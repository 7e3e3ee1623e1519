import { z } from 'zod';
import { commandSchema } from '../command/command.ts';
import { commandIdSchema } from '../id.ts';

/** `id` is minted by the client; sending it again after a lost connection is safe. */
export const commandFrameSchema = z.object({
  type: z.literal('command'),
  id: commandIdSchema,
  command: commandSchema,
});
export type CommandFrame = z.infer<typeof commandFrameSchema>;
