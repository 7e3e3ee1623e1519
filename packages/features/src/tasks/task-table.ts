import type { RecordStore } from '@baton/core';
import type { TaskId } from '@baton/protocol';
import { taskRecordSchema, type TaskRecord, type TaskTable } from './task-record.ts';

const COLLECTION = 'tasks';

/** All tasks, in the order in which they were made. Changes are durable before anybody sees them. */
export interface Tasks {
  readonly all: TaskTable;
  load(): Promise<void>;
  write(...changed: readonly TaskRecord[]): Promise<void>;
}

export function openTasks(records: RecordStore): Tasks {
  const all = new Map<TaskId, TaskRecord>();
  return {
    all,
    async load() {
      for (const { value } of await records.list(COLLECTION)) {
        const task = taskRecordSchema.parse(value);
        all.set(task.id, task);
      }
    },
    async write(...changed) {
      if (changed.length === 0) return;
      await records.put(
        COLLECTION,
        changed.map((task) => ({ id: task.id, value: task })),
      );
      for (const task of changed) all.set(task.id, task);
    },
  };
}
