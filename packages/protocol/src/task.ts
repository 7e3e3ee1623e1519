import { z } from 'zod';
import { usageSchema } from './agent.ts';
import { failureSchema } from './error.ts';
import { sessionIdSchema, taskIdSchema } from './id.ts';

export const TASK_STATES = ['waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export const taskStateSchema = z.enum(TASK_STATES);
export type TaskState = z.infer<typeof taskStateSchema>;

/** Background work: one prompt in a session of its own. */
export const taskViewSchema = z.object({
  id: taskIdSchema,
  title: z.string(),
  prompt: z.string(),
  backend: z.string(),
  cwd: z.string(),
  model: z.string().optional(),
  mode: z.string().optional(),
  /** Higher goes first. */
  priority: z.int(),
  /** Tasks that have to succeed before; one that fails or is cancelled fails this one. */
  after: z.array(taskIdSchema),
  /** How often it is tried again after a failure. */
  retries: z.int().nonnegative(),
  /** JSON Schema that the result has to follow. */
  schema: z.record(z.string(), z.unknown()).optional(),
  state: taskStateSchema,
  /** Tries that were begun. */
  attempts: z.int().nonnegative(),
  /** Of the last try. */
  sessionId: sessionIdSchema.optional(),
  failure: failureSchema.optional(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
});
export type TaskView = z.infer<typeof taskViewSchema>;

/** What a task that succeeded has to show. */
export const taskResultSchema = z.object({
  taskId: taskIdSchema,
  sessionId: sessionIdSchema,
  /** The agent's last message. */
  text: z.string(),
  /** What it says as JSON, where a schema was asked for. */
  value: z.unknown().optional(),
  usage: usageSchema.optional(),
  costUsd: z.number().nonnegative().optional(),
  durationMs: z.number().nonnegative(),
});
export type TaskResult = z.infer<typeof taskResultSchema>;
