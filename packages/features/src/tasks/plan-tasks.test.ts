import type { TaskId } from '@baton/protocol';
import { describe, expect, it } from 'vitest';
import { chooseNext, findNextMoment, settleWaiting, toRetryDelay } from './plan-tasks.ts';
import type { TaskRecord } from './task-record.ts';

const AT = '2026-01-01T00:00:00.000Z';
const NOW = Date.parse(AT);

function tableOf(...tasks: (Partial<Omit<TaskRecord, 'id' | 'after'>> & { id: string; after?: string[] })[]) {
  const records = tasks.map(
    (task): TaskRecord => ({
      ...{ title: task.id, prompt: 'Go', backend: 'scripted', cwd: '/work', priority: 0, retries: 0 },
      ...{ state: 'queued', attempts: 0, createdAt: AT, by: { id: 'ada', name: 'Ada' }, commandId: task.id },
      ...{ corrected: false, restarts: 0 },
      ...task,
      id: task.id as TaskId,
      after: (task.after ?? []) as TaskId[],
    }),
  );
  return new Map(records.map((record) => [record.id, record]));
}

describe('the next task', () => {
  it('is the most urgent, then the oldest, that need not wait', () => {
    const later = new Date(NOW + 5000).toISOString();
    const tasks = tableOf(
      { id: 'a', state: 'succeeded', priority: 9 },
      { id: 'b', state: 'waiting', priority: 9 },
      { id: 'c', notBefore: later, priority: 9 },
      { id: 'd', priority: 1 },
      { id: 'e', priority: 1 },
      { id: 'f' },
    );
    expect(chooseNext(tasks, { atOnce: 1, now: NOW })?.id).toBe('d');
    expect(chooseNext(tasks, { atOnce: 1, now: NOW + 5000 })?.id).toBe('c');
    expect(findNextMoment(tasks, NOW)).toBe(NOW + 5000);
    expect(findNextMoment(tasks, NOW + 5000)).toBeUndefined();
  });

  it('waits for room', () => {
    const tasks = tableOf({ id: 'a', state: 'running' }, { id: 'b' });
    expect(chooseNext(tasks, { atOnce: 1, now: NOW })).toBeUndefined();
    expect(chooseNext(tasks, { atOnce: 2, now: NOW })?.id).toBe('b');
  });
});

describe('tasks that wait', () => {
  it('go on when all before them succeeded, and fail down the whole line when one did not', () => {
    const tasks = tableOf(
      { id: 'ok', state: 'succeeded' },
      { id: 'lost', state: 'cancelled' },
      { id: 'open', state: 'running' },
      { id: 'ready', state: 'waiting', after: ['ok'] },
      { id: 'held', state: 'waiting', after: ['ok', 'open'] },
      { id: 'next', state: 'waiting', after: ['ready'] },
      { id: 'broken', state: 'waiting', after: ['open', 'lost'] },
      { id: 'after', state: 'waiting', after: ['broken'] },
    );
    const settled = settleWaiting(tasks, AT).map(({ id, state, failure }) => [id, state, failure?.message]);
    expect(settled).toEqual([
      ['ready', 'queued', undefined],
      ['broken', 'failed', 'Task “lost” (lost), which has to succeed before, was cancelled'],
      ['after', 'failed', 'Task “broken” (broken), which has to succeed before, failed'],
    ]);
  });
});

describe('the time between two tries', () => {
  it('doubles up to a minute, and is a little less by chance', () => {
    expect([1, 2, 3, 7, 50].map((attempts) => toRetryDelay(attempts, 1))).toEqual([1000, 2000, 4000, 60_000, 60_000]);
    expect(toRetryDelay(1, 0)).toBe(500);
  });
});
