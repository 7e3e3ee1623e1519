import type { SessionView } from '@baton/protocol';
import { expect, test } from 'vitest';
import { planRetention, toRawLimit } from './plan-retention.ts';

const NOW = Date.UTC(2026, 10, 21);
const daysAgo = (days: number) => new Date(NOW - days * 86_400_000).toISOString();

function session(id: string, changes: Partial<SessionView> = {}): SessionView {
  return {
    ...{ id, title: id, backend: 'claude', cwd: '/', state: 'stopped', archived: false, seq: 1, queue: [] },
    ...{ pending: { approvals: [], questions: [] }, usage: { inputTokens: 0, outputTokens: 0 } },
    ...{ createdAt: daysAgo(99), updatedAt: daysAgo(10) },
    ...changes,
  } as SessionView;
}

const names = (views: readonly SessionView[]) => views.map(({ id }) => String(id));

test('without rules nothing is ever archived or deleted', () => {
  const plan = planRetention([session('a'), session('b', { archived: true })], { rules: {}, now: NOW });
  expect(plan).toEqual({ archive: [], delete: [] });
  expect(toRawLimit({}, NOW)).toBeUndefined();
  expect(toRawLimit({ keepRawDays: 3 }, NOW)).toBe(daysAgo(3));
});

test('only quiet sessions are archived, and only after their time', () => {
  const busy = (['starting', 'running', 'waiting'] as const).map((state) => session(state, { state }));
  const sessions = [
    ...busy,
    session('queued', { queue: [{}] as never }),
    session('asks', { pending: { approvals: [{}] as never, questions: [] } }),
    session('young', { updatedAt: daysAgo(6.9) }),
    session('due', { updatedAt: daysAgo(7) }),
    session('idle', { state: 'idle' }),
    session('archived', { archived: true }),
  ];
  const plan = planRetention(sessions, { rules: { archiveAfterDays: 7 }, now: NOW });
  expect(names(plan.archive)).toEqual(['due', 'idle']);
  expect(plan.delete).toEqual([]);
});

test('only what is archived is deleted', () => {
  const sessions = [
    session('open'),
    session('old', { archived: true }),
    session('new', { archived: true, updatedAt: daysAgo(1) }),
  ];
  const plan = planRetention(sessions, { rules: { archiveAfterDays: 90, deleteArchivedAfterDays: 5 }, now: NOW });
  expect(names(plan.delete)).toEqual(['old']);
  expect(plan.archive).toEqual([]);
});
