import type { Clock, Engine, Feature, RecordStore } from '@baton/core';
import type { RecordedEvent, SessionId } from '@baton/protocol';
import { createTaskHandlers, type TaskRoutes } from './task-handlers.ts';
import { TaskRunner } from './task-runner.ts';
import { openTasks } from './task-table.ts';

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
      if (recorded.some(isDecisive)) look(id);
    }),
    engine.onDeleted(look),
  ];

  function look(sessionId: SessionId): void {
    for (const task of tasks.all.values()) {
      if (task.state === 'running' && task.sessionId === sessionId) runner.look(task.id);
    }
  }

  return {
    id: 'tasks',
    handlers: createTaskHandlers({ ...parts, tasks, runner }),
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
