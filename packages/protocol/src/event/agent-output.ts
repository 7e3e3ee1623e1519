import { z } from 'zod';

/** One line the agent wrote outside its protocol. */
export const agentOutputEventSchema = z.object({
  type: z.literal('agent.output'),
  stream: z.literal('stderr'),
  text: z.string(),
});
export type AgentOutputEvent = z.infer<typeof agentOutputEventSchema>;
