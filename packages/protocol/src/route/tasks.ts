import { z } from 'zod';
import { taskIdSchema } from '../id.ts';
import { programText } from '../program-text.ts';
import { taskResultSchema, taskStateSchema, taskViewSchema } from '../task.ts';
import { defineRoute } from './route.ts';

const byId = z.object({ id: taskIdSchema });

export const createTask = defineRoute({
  method: 'POST',
  path: '/tasks',
  summary: 'Have an agent do something in the background, in a session of its own',
  body: z.strictObject({
    id: taskIdSchema.optional(),
    title: z.string().trim().min(1).max(300),
    prompt: z.string().min(1).max(1_000_000),
    backend: z.string().min(1).max(64),
    cwd: z.string().min(1).max(4096),
    model: programText(200).min(1).optional(),
    mode: z.string().min(1).max(64).optional(),
    priority: z.int().min(-100).max(100).default(0),
    after: z.array(taskIdSchema).max(100).default([]),
    retries: z.int().min(0).max(10).default(0),
    schema: z.record(z.string(), z.unknown()).optional(),
  }),
  status: 201,
  response: taskViewSchema,
});

export const listTasks = defineRoute({
  method: 'GET',
  path: '/tasks',
  summary: 'Tasks, newest first',
  query: z.object({
    state: taskStateSchema.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(200).optional(),
  }),
  status: 200,
  response: z.object({ items: z.array(taskViewSchema), cursor: z.string().optional() }),
});

export const getTask = defineRoute({
  method: 'GET',
  path: '/tasks/:id',
  summary: 'One task',
  params: byId,
  status: 200,
  response: taskViewSchema,
});

export const getTaskResult = defineRoute({
  method: 'GET',
  path: '/tasks/:id/result',
  summary: 'What a task that succeeded has to show; 409 before',
  params: byId,
  status: 200,
  response: taskResultSchema,
});

export const cancelTask = defineRoute({
  method: 'POST',
  path: '/tasks/:id/cancel',
  summary: 'Give it up: a running one is ended with its agent; what waits for it fails',
  params: byId,
  status: 202,
  response: taskViewSchema,
});
