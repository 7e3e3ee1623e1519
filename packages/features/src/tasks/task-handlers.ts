import type { Actor, Clock, Engine, FeatureCall, FeatureHandlers } from '@baton/core';
import { AppError, createId, type TaskId, type TaskView } from '@baton/protocol';
import { pageTasks } from './page-tasks.ts';
import { isOver, type TaskRecord, toTaskView, withoutTurn } from './task-record.ts';
import { checkSchema } from './task-result.ts';
import type { TaskRunner } from './task-runner.ts';
import type { Tasks } from './task-table.ts';

export type TaskRoutes = 'createTask' | 'listTasks' | 'getTask' | 'getTaskResult' | 'cancelTask';

export interface HandlerParts {
  engine: Engine;
  clock: Clock;
  tasks: Tasks;
  runner: TaskRunner;
  resolveFolder(path: string): Promise<string>;
}

export function createTaskHandlers(parts: HandlerParts): FeatureHandlers<TaskRoutes> {
  const { tasks, runner } = parts;
  return {
    createTask: (call) => createTask(parts, call),
    listTasks: async ({ query }) => pageTasks(tasks.all, query),
    getTask: async ({ params }) => toTaskView(requireTask(tasks, params.id)),
    async getTaskResult({ params }) {
      const { result, state, failure } = requireTask(tasks, params.id);
      if (result !== undefined) return result;
      const why = failure === undefined ? '' : ` (${failure.message})`;
      throw new AppError('conflict', `Task "${params.id}" has no result: it is ${state}${why}`);
    },
    cancelTask: ({ params }) => runner.inTurn(() => cancelTask(parts, params.id)),
  };
}

function requireTask(tasks: Tasks, id: TaskId): TaskRecord {
  const task = tasks.all.get(id);
  if (task === undefined) throw new AppError('not-found', `There is no task "${id}"`);
  return task;
}

async function createTask(parts: HandlerParts, call: FeatureCall<'createTask'>): Promise<TaskView> {
  const { tasks, runner, clock } = parts;
  const { actor, body, commandId: toCommandId } = call;
  const commandId = toCommandId(body.id);
  const wanted = { ...body, cwd: await check(parts, body) };
  return runner.inTurn(async () => {
    const known = findSame(tasks, wanted, commandId);
    if (known !== undefined) return toTaskView(requireSame(known, wanted));
    const unknown = body.after.find((id) => !tasks.all.has(id));
    if (unknown !== undefined) {
      const mend = 'make it first, or leave it out of "after"';
      throw new AppError('invalid-input', `Cannot make a task after "${unknown}": there is no such task; ${mend}`);
    }
    const task = toRecord(wanted, { actor, commandId, at: new Date(clock.now()).toISOString() });
    await tasks.write(task);
    runner.pump();
    return toTaskView(task);
  });
}

// What can be known to fail before an agent is started for it.
async function check({ engine, resolveFolder }: HandlerParts, { backend, cwd, schema }: Wanted): Promise<string> {
  if (schema !== undefined) await checkSchema(schema);
  const backends = await engine.listBackends();
  if (!backends.some(({ id }) => id === backend)) {
    const known = backends.map(({ id }) => `"${id}"`).join(', ');
    throw new AppError('invalid-input', `Cannot make the task: there is no backend "${backend}". There is ${known}`);
  }
  return resolveFolder(cwd);
}

function findSame(tasks: Tasks, { id }: Wanted, commandId: string): TaskRecord | undefined {
  if (id !== undefined) return tasks.all.get(id);
  for (const task of tasks.all.values()) if (task.commandId === commandId) return task;
  return undefined;
}

async function cancelTask({ tasks, runner, clock }: HandlerParts, id: TaskId): Promise<TaskView> {
  const task = requireTask(tasks, id);
  if (task.state === 'cancelled') return toTaskView(task);
  if (isOver(task.state)) throw new AppError('conflict', `Cannot cancel task "${id}": it has ${task.state} already`);
  const endedAt = new Date(clock.now()).toISOString();
  const cancelled: TaskRecord = { ...withoutTurn(task), state: 'cancelled', endedAt };
  await tasks.write(cancelled);
  if (task.state === 'running' && task.sessionId !== undefined) runner.endAgent(task.sessionId, task.by);
  runner.pump();
  return toTaskView(cancelled);
}

type Wanted = FeatureCall<'createTask'>['body'];

function toRecord(
  wanted: Wanted,
  { actor, commandId, at }: { actor: Actor; commandId: string; at: string },
): TaskRecord {
  const { id, ...rest } = wanted;
  return {
    ...rest,
    id: id ?? createId('task'),
    // What it waits for may be done already; the next look tells.
    state: rest.after.length === 0 ? 'queued' : 'waiting',
    attempts: 0,
    createdAt: at,
    by: { id: actor.id, name: actor.name },
    commandId,
    corrected: false,
    restarts: 0,
  };
}

// The same id for something else is a mistake, not a repeat.
function requireSame(known: TaskRecord, wanted: Wanted): TaskRecord {
  const isSame = (['title', 'prompt', 'backend', 'cwd'] as const).every((field) => known[field] === wanted[field]);
  if (isSame) return known;
  throw new AppError('conflict', `Task "${known.id}" exists already and asks for something else; give each its own id`);
}
