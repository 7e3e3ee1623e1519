import { z } from 'zod';
import { joinCommandSchema } from '../agent.ts';

/**
 * `pid` is null for an agent that runs inside Baton. `nativeId` is the agent's own id of the conversation, as its own CLI resumes it.
 * `join`: program and arguments by which somebody at the agent's machine comes into this very conversation with the agent's own
 * terminal program, for as long as this process lives.
 */
export const agentStartedEventSchema = z.object({
  type: z.literal('agent.started'),
  pid: z.int().nullable(),
  version: z.string(),
  nativeId: z.string().optional(),
  join: joinCommandSchema.optional(),
});
export type AgentStartedEvent = z.infer<typeof agentStartedEventSchema>;
