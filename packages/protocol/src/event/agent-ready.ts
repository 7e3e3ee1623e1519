import { z } from 'zod';
import { agentCommandSchema, agentModeSchema, agentModelSchema, mcpServerSchema } from '../agent.ts';

/** What the agent offers. Comes again, whole, whenever that changes. */
export const agentReadyEventSchema = z.object({
  type: z.literal('agent.ready'),
  models: z.array(agentModelSchema),
  modes: z.array(agentModeSchema),
  commands: z.array(agentCommandSchema),
  tools: z.array(z.string()),
  mcpServers: z.array(mcpServerSchema),
  nativeId: z.string().optional(),
});
export type AgentReadyEvent = z.infer<typeof agentReadyEventSchema>;
