import type { Actor, Clock, Engine, Feature, FeatureCall, RecordStore } from '@baton/core';
import { AppError, createId, type RecordedEvent, type SessionId, type TaskId, type TaskView } from '@baton/protocol';
import { pageTasks } from './page-tasks.ts';
import { checkSchema } from './task-result.ts';
import { isOver, type TaskRecord, toTaskView, withoutTurn } from './task-record.ts';
import { TaskRunner } from './task-runner.ts';
import { openTasks } from './task-table.ts';

export type TaskRoutes = 'createTask' | 'listTasks' | 'getTask' | 'getTaskResult' | 'cancelTask';

export interface TaskParts {
  engine: Engine;
  records: RecordStore;
  clock: Clock;
  /** The real path of a folder that a session may work in; throws an `AppError` when it may not. */
  resolveFolder(path: string): Promise<string>;
  /** How many run at the same time. */
  atOnce: number;
  onFault(error: unknown): void;
}

/** Background work: each task a prompt in a session of its own, with what has to come before it and what it has to give. */
export function createTasks(parts: TaskParts): Feature<TaskRoutes> {
  const { engine, clock, onFault } = parts;
  const tasks = openTasks(parts.records);
  const runner = new TaskRunner({ engine, tasks, clock, atOnce: parts.atOnce, onFault });
  const endings = [
    engine.onRecorded((recorded, { id }) => {
      if (recorded.some(isDecisive)) lookBySession(id);
    }),
    engine.onDeleted(lookBySession),
  ];

  function lookBySession(sessionId: SessionId): void {
    for (const task of tasks.all.values()) {
      if (task.state === 'running' && task.sessionId === sessionId) runner.look(task.id);
    }
  }

  function requireTask(id: TaskId): TaskRecord {
    const task = tasks.all.get(id);
    if (task === undefined) throw new AppError('not-found', `There is no task "${id}"`);
    return task;
  }

  async function create({ body, actor, commandId: toCommandId }: FeatureCall<'createTask'>): Promise<TaskView> {
    const commandId = toCommandId(body.id);
    const cwd = await check(body);
    return runner.inTurn(async () => {
      const known = findSame(body, commandId);
      if (known !== undefined) return toTaskView(requireSame(known, { ...body, cwd }));
      const unknown = body.after.find((id) => !tasks.all.has(id));
      if (unknown !== undefined) {
        const mend = 'make it first, or leave it out of "after"';
        throw new AppError('invalid-input', `Cannot make a task after "${unknown}": there is no such task; ${mend}`);
      }
      const task = toRecord({ ...body, cwd }, { actor, commandId, at: new Date(clock.now()).toISOString() });
      await tasks.write(task);
      runner.pump();
      return toTaskView(task);
    });
  }

  async function check({ backend, cwd, schema }: FeatureCall<'createTask'>['body']): Promise<string> {
    if (schema !== undefined) checkSchema(schema);
    const backends = await engine.listBackends();
    if (!backends.some(({ id }) => id === backend)) {
      const known = backends.map(({ id }) => `"${id}"`).join(', ');
      throw new AppError('invalid-input', `Cannot make the task: there is no backend "${backend}". There is ${known}`);
    }
    return parts.resolveFolder(cwd);
  }

  function findSame({ id }: FeatureCall<'createTask'>['body'], commandId: string): TaskRecord | undefined {
    if (id !== undefined) return tasks.all.get(id);
    for (const task of tasks.all.values()) if (task.commandId === commandId) return task;
    return undefined;
  }

  function cancel(id: TaskId): Promise<TaskView> {
    return runner.inTurn(async () => {
      const task = requireTask(id);
      if (task.state === 'cancelled') return toTaskView(task);
      if (isOver(task.state))
        throw new AppError('conflict', `Cannot cancel task "${id}": it has ${task.state} already`);
      const { sessionId, by } = task;
      const cancelled: TaskRecord = {
        ...withoutTurn(task),
        state: 'cancelled',
        endedAt: new Date(clock.now()).toISOString(),
      };
      await tasks.write(cancelled);
      if (task.state === 'running' && sessionId !== undefined) runner.endAgent(sessionId, by);
      runner.pump();
      return toTaskView(cancelled);
    });
  }

  return {
    id: 'tasks',
    handlers: {
      createTask: create,
      listTasks: async ({ query }) => pageTasks(tasks.all, query),
      getTask: async ({ params }) => toTaskView(requireTask(params.id)),
      async getTaskResult({ params }) {
        const { result, state, failure } = requireTask(params.id);
        if (result !== undefined) return result;
        const why = failure === undefined ? '' : ` (${failure.message})`;
        throw new AppError('conflict', `Task "${params.id}" has no result: it is ${state}${why}`);
      },
      cancelTask: ({ params }) => cancel(params.id),
    },
    async start() {
      await tasks.load();
      runner.resume();
    },
    async stop() {
      for (const end of endings) end();
      await runner.stop();
    },
  };
}

function isDecisive({ event }: RecordedEvent): boolean {
  return event.type === 'turn.ended' || event.type === 'turn.unqueued';
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
