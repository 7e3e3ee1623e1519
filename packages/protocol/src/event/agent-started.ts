import { z } from 'zod';

/** `pid` is null for an agent that runs inside Baton. `nativeId` is the agent's own id of the conversation, as its own CLI resumes it. */
export const agentStartedEventSchema = z.object({
  type: z.literal('agent.started'),
  pid: z.int().nullable(),
  version: z.string(),
  nativeId: z.string().optional(),
});
export type AgentStartedEvent = z.infer<typeof agentStartedEventSchema>;
