import { expect, test } from 'vitest';
import { isOver, toTaskLanes } from './task-lanes.ts';
import { toTestTask } from './test-task.ts';

const titles = (tasks: readonly { title: string }[]) => tasks.map(({ title }) => title).join('');

test('what comes next is ordered as it will start', () => {
  const lanes = toTaskLanes([
    toTestTask({ title: 'w', state: 'waiting', priority: 9 }),
    toTestTask({ title: 'b', createdAt: '2026-11-01T11:00:00.000Z' }),
    toTestTask({ title: 'a', createdAt: '2026-11-01T10:00:00.000Z' }),
    toTestTask({ title: 'h', priority: 5, createdAt: '2026-11-01T12:00:00.000Z' }),
    toTestTask({ title: 'r', state: 'running' }),
    toTestTask({ title: 'x', state: 'failed', endedAt: '2026-11-01T10:00:00.000Z' }),
    toTestTask({ title: 'y', state: 'succeeded', endedAt: '2026-11-01T11:00:00.000Z' }),
  ]);
  expect(titles(lanes.running)).toBe('r');
  expect(titles(lanes.next)).toBe('habw');
  expect(titles(lanes.over)).toBe('yx');
});

test('three states are final', () => {
  const over = ['succeeded', 'failed', 'cancelled'] as const;
  expect(over.every((state) => isOver({ state }))).toBe(true);
  expect(isOver({ state: 'waiting' })).toBe(false);
});
