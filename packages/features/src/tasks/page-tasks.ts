import { AppError, type RouteInput, type ROUTES, taskIdSchema, type TaskView } from '@baton/protocol';
import { type TaskTable, toTaskView } from './task-record.ts';

/** Newest first. A cursor names the last task of the page before. */
export function pageTasks(
  tasks: TaskTable,
  { state, limit, cursor }: RouteInput<(typeof ROUTES)['listTasks']>['query'],
): { items: TaskView[]; cursor?: string } {
  const newestFirst = [...tasks.values()].reverse();
  const from =
    cursor === undefined ? 0 : newestFirst.findIndex(({ id }) => id === taskIdSchema.safeParse(cursor).data) + 1;
  if (cursor !== undefined && from === 0) {
    throw new AppError('invalid-input', 'Cannot read on in the list: its cursor is not one that this server gave');
  }
  const rest = newestFirst.slice(from).filter((task) => state === undefined || task.state === state);
  const items = rest.slice(0, limit).map(toTaskView);
  const last = items.at(-1);
  return rest.length > limit && last !== undefined ? { items, cursor: last.id } : { items };
}
