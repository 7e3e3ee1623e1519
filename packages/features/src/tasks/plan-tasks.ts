import type { TaskId, TaskState } from '@baton/protocol';
import { failTask, isOver, type TaskRecord, type TaskTable } from './task-record.ts';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

/** How long to wait before the next try, after so many. `chance` is from 0 to 1. */
export function toRetryDelay(attempts: number, chance: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1));
  return Math.round(full * (0.5 + chance / 2));
}

/** The task to begin now: the highest priority, among those the first; undefined when there is none, or no room. */
export function chooseNext(tasks: TaskTable, { atOnce, now }: { atOnce: number; now: number }): TaskRecord | undefined {
  let best: TaskRecord | undefined;
  let running = 0;
  for (const task of tasks.values()) {
    if (task.state === 'running') running += 1;
    if (task.state !== 'queued' || Date.parse(task.notBefore ?? task.createdAt) > now) continue;
    if (best === undefined || task.priority > best.priority) best = task;
  }
  return running < atOnce ? best : undefined;
}

/** When the first of those that wait for another try may begin. */
export function findNextMoment(tasks: TaskTable, now: number): number | undefined {
  const moments = [...tasks.values()].flatMap((task) =>
    task.state === 'queued' && task.notBefore !== undefined ? [Date.parse(task.notBefore)] : [],
  );
  const later = moments.filter((moment) => moment > now);
  return later.length === 0 ? undefined : Math.min(...later);
}

/** What follows for tasks that wait, from those before them; applied again and again until nothing follows. */
export function settleWaiting(tasks: TaskTable, at: string): TaskRecord[] {
  const known = new Map(tasks);
  const changed = new Map<TaskId, TaskRecord>();
  // Tasks only wait for older ones, so one pass in order is enough.
  for (const task of tasks.values()) {
    if (task.state !== 'waiting') continue;
    const next = settleOne(task, known, at);
    if (next === undefined) continue;
    known.set(task.id, next);
    changed.set(task.id, next);
  }
  return [...changed.values()];
}

function settleOne(task: TaskRecord, tasks: TaskTable, at: string): TaskRecord | undefined {
  const before = task.after.map((id) => tasks.get(id));
  const broken = before.find((each) => each === undefined || isLost(each.state));
  if (broken !== undefined) {
    const message = `Task “${broken.title}” (${broken.id}), which has to succeed before, ${WORDS[broken.state]}`;
    return failTask(task, { kind: 'conflict', message }, at);
  }
  return before.every((each) => each?.state === 'succeeded') ? { ...task, state: 'queued' } : undefined;
}

const WORDS: Readonly<Partial<Record<TaskState, string>>> = { failed: 'failed', cancelled: 'was cancelled' };

function isLost(state: TaskState): boolean {
  return isOver(state) && state !== 'succeeded';
}
