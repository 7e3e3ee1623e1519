import type { TaskState, TaskView } from '@baton/protocol';

export const TASK_LANES = ['running', 'next', 'over'] as const;
export type TaskLane = (typeof TASK_LANES)[number];

export const TASK_LANE_TITLES: Record<TaskLane, string> = { running: 'Working', next: 'Up next', over: 'Over' };

const LANES: Record<TaskState, TaskLane> = {
  running: 'running',
  queued: 'next',
  waiting: 'next',
  succeeded: 'over',
  failed: 'over',
  cancelled: 'over',
};

/** Tasks by lane: those that come next in the order in which they will, the others with the newest first. */
export function toTaskLanes(tasks: readonly TaskView[]): Record<TaskLane, readonly TaskView[]> {
  const lanes: Record<TaskLane, TaskView[]> = { running: [], next: [], over: [] };
  for (const task of tasks) lanes[LANES[task.state]].push(task);
  return {
    running: lanes.running.toSorted((a, b) => compare(b.startedAt ?? b.createdAt, a.startedAt ?? a.createdAt)),
    next: lanes.next.toSorted(inOrder),
    over: lanes.over.toSorted((a, b) => compare(b.endedAt ?? b.createdAt, a.endedAt ?? a.createdAt)),
  };
}

// What can start goes before what waits for another; then by priority, then by age.
function inOrder(a: TaskView, b: TaskView): number {
  return (
    Number(a.state === 'waiting') - Number(b.state === 'waiting') ||
    b.priority - a.priority ||
    compare(a.createdAt, b.createdAt)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether anything about the task can still change. */
export function isOver({ state }: Pick<TaskView, 'state'>): boolean {
  return LANES[state] === 'over';
}
