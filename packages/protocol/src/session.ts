import { z } from 'zod';
import {
  agentCommandSchema,
  agentModeSchema,
  agentModelSchema,
  contextSchema,
  joinCommandSchema,
  mcpServerSchema,
  usageSchema,
} from './agent.ts';
import { approvalViewSchema, questionViewSchema } from './approval.ts';
import { failureSchema } from './error.ts';
import { stopReasonSchema } from './event/session-stop-requested.ts';
import { sessionIdSchema, turnIdSchema } from './id.ts';
import { storedInputSchema } from './input.ts';

export const SESSION_STATES = ['idle', 'starting', 'running', 'waiting', 'stopped', 'failed'] as const;
export const sessionStateSchema = z.enum(SESSION_STATES);
export type SessionStateName = z.infer<typeof sessionStateSchema>;

export const queuedTurnSchema = z.object({ turnId: turnIdSchema, input: storedInputSchema, by: z.string() });

/** A session as a list or a card shows it. `seq` is that of the last event it includes. */
export const sessionViewSchema = z.object({
  id: sessionIdSchema,
  title: z.string(),
  backend: z.string(),
  cwd: z.string(),
  model: z.string().optional(),
  /** How the agent itself calls that model; absent until it said so. */
  modelTitle: z.string().optional(),
  mode: z.string().optional(),
  effort: z.string().optional(),
  state: sessionStateSchema,
  archived: z.boolean(),
  seq: z.int(),
  turn: z
    .object({ turnId: turnIdSchema, by: z.string(), startedAt: z.iso.datetime(), interrupting: z.boolean() })
    .optional(),
  queue: z.array(queuedTurnSchema),
  pending: z.object({ approvals: z.array(approvalViewSchema), questions: z.array(questionViewSchema) }),
  usage: usageSchema,
  costUsd: z.number().optional(),
  context: contextSchema.optional(),
  /** What the running agent offers; absent until it said so, and in lists. */
  agent: z
    .object({
      version: z.string(),
      models: z.array(agentModelSchema),
      modes: z.array(agentModeSchema),
      commands: z.array(agentCommandSchema),
      tools: z.array(z.string()),
      mcpServers: z.array(mcpServerSchema),
    })
    .optional(),
  /** Why the last turn or start failed; gone once something succeeds. */
  failure: failureSchema.optional(),
  /** First characters of the last thing the agent said, for cards. */
  preview: z.string().optional(),
  parent: z.object({ sessionId: sessionIdSchema, turnId: turnIdSchema.optional() }).optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  nativeId: z.string().optional(),
  /** See `agent.started`; while the agent runs, after its first turn. */
  join: joinCommandSchema.optional(),
  background: z.boolean().optional(),
  /** The agent is ended when nobody watched for so long; absent: it is not. */
  stopUnwatchedMinutes: z.int().positive().optional(),
  /** Why Baton itself ended the agent that is stopped; absent when somebody asked, and while it is not. */
  stopReason: stopReasonSchema.optional(),
  /** The agent has no place to start in yet, and is the `position`th that waits for one. Told by the server, not by the log. */
  waiting: z.object({ position: z.int().positive() }).optional(),
  /** Nothing came from the agent since then although a turn runs. Told by the server, not by the log. */
  quietSince: z.iso.datetime().optional(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;
