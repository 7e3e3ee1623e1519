import { z } from 'zod';
import { sessionIdSchema, turnIdSchema } from '../id.ts';
import { inputSchema } from '../input.ts';
import { programText } from '../program-text.ts';

/** Makes a session and starts its agent; with `prompt` also starts a turn. */
export const sessionCreateCommandSchema = z.strictObject({
  type: z.literal('session.create'),
  sessionId: sessionIdSchema.optional(),
  backend: z.string().min(1).max(64),
  cwd: z.string().min(1).max(4096),
  model: programText(200).min(1).optional(),
  mode: z.string().min(1).max(64).optional(),
  /** How hard the model thinks, in the agent's own words. */
  effort: z.string().min(1).max(64).optional(),
  title: z.string().trim().min(1).max(300).optional(),
  prompt: inputSchema.optional(),
  turnId: turnIdSchema.optional(),
  /** Nobody sits in front of it: where agents wait for a place, those of people go first. */
  background: z.boolean().optional(),
  /** Added to the agent's environment, on every start of this session. Never part of an event. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), programText(32_768)).optional(),
});
export type SessionCreateCommand = z.infer<typeof sessionCreateCommandSchema>;
