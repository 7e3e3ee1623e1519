import {
  type Failure,
  failureSchema,
  taskResultSchema,
  type TaskId,
  type TaskState,
  taskViewSchema,
  type TaskView,
  turnIdSchema,
} from '@baton/protocol';
import { z } from 'zod';

/** A task as it is kept. */
export const taskRecordSchema = taskViewSchema.extend({
  /** Who asked for it: its sessions are theirs. */
  by: z.object({ id: z.string(), name: z.string() }),
  commandId: z.string(),
  /** The turn that is to give the result, and what it is asked. */
  turn: z.object({ turnId: turnIdSchema, text: z.string(), opens: z.boolean() }).optional(),
  /** Whether this try was already told that its result does not follow the schema. */
  corrected: z.boolean(),
  /** How often the server restarted in the middle of this try. */
  restarts: z.int().nonnegative(),
  /** Not tried again before. */
  notBefore: z.iso.datetime().optional(),
  result: taskResultSchema.optional(),
});
export type TaskRecord = z.infer<typeof taskRecordSchema>;

export function toTaskView(record: TaskRecord): TaskView {
  const { by: _, commandId: __, turn: ___, corrected: ____, restarts: _____, notBefore: ______, ...rest } = record;
  const { result: _______, ...view } = rest;
  return view;
}

export function isOver(state: TaskState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

export function failTask(record: TaskRecord, failure: Failure, at: string): TaskRecord {
  return { ...withoutTurn(record), state: 'failed', failure: failureSchema.parse(failure), endedAt: at };
}

export function withoutTurn({ turn: _, notBefore: __, ...rest }: TaskRecord): TaskRecord {
  return rest;
}

export type TaskTable = ReadonlyMap<TaskId, TaskRecord>;
