import { createId } from '@baton/protocol';
import { describe, expect, it } from 'vitest';
import { countWaiting, toLane, toLayout } from './lanes.ts';
import { toTestApproval, toTestQuestion } from './test-asks.ts';
import { toTestSession } from './test-session.ts';

function toWaiting(at: string) {
  const id = createId('session');
  const pending = { approvals: [toTestApproval(id, { requestedAt: at })], questions: [] };
  return toTestSession({ id, state: 'waiting', pending });
}

describe('toLane', () => {
  it('puts whoever has an open approval or question under Needs you, whatever the state says', () => {
    const id = createId('session');
    const asks = { approvals: [], questions: [toTestQuestion(id)] };
    expect(toLane(toTestSession({ id, state: 'running', pending: asks }))).toBe('needs-you');
    expect(toLane(toTestSession({ state: 'waiting' }))).toBe('needs-you');
  });

  it('knows working from quiet', () => {
    expect(toLane(toTestSession({ state: 'running' }))).toBe('working');
    expect(toLane(toTestSession({ state: 'starting' }))).toBe('working');
    for (const state of ['idle', 'stopped', 'failed'] as const) expect(toLane(toTestSession({ state }))).toBe('quiet');
  });
});

describe('toLayout', () => {
  it('puts who waits longest first', () => {
    const late = toWaiting('2026-11-01T10:05:00.000Z');
    const early = toWaiting('2026-11-01T10:01:00.000Z');
    expect(toLayout([late, early])['needs-you']).toEqual([early.id, late.id]);
  });

  it('does not move a working session when it says something', () => {
    const turn = (startedAt: string) => ({ turnId: createId('turn'), by: 'owner', startedAt, interrupting: false });
    const first = toTestSession({ state: 'running', turn: turn('2026-11-01T10:00:00.000Z') });
    const second = toTestSession({ state: 'running', turn: turn('2026-11-01T10:02:00.000Z') });
    const before = toLayout([first, second]).working;
    const after = toLayout([{ ...first, updatedAt: '2026-11-01T11:00:00.000Z' }, second]).working;
    expect(after).toEqual(before);
    expect(after).toEqual([second.id, first.id]);
  });

  it('has the newest of the quiet ones first, and a steady order among equals', () => {
    const old = toTestSession({ updatedAt: '2026-11-01T09:00:00.000Z' });
    const recent = toTestSession({ updatedAt: '2026-11-01T12:00:00.000Z' });
    expect(toLayout([old, recent]).quiet).toEqual([recent.id, old.id]);
    const twins = [toTestSession(), toTestSession()];
    expect(toLayout(twins).quiet).toEqual(toLayout(twins.toReversed()).quiet);
  });

  it('counts approvals and questions together', () => {
    expect(countWaiting({ approvals: [1, 2], questions: [3] })).toBe(3);
  });
});

it('puts those that wait for a place after those that work, the next one first', () => {
  const late = toTestSession({ state: 'starting', waiting: { position: 2 }, createdAt: '2026-11-01T12:00:00.000Z' });
  const next = toTestSession({ state: 'starting', waiting: { position: 1 }, createdAt: '2026-11-01T11:00:00.000Z' });
  const busy = toTestSession({ state: 'running', createdAt: '2026-11-01T10:00:00.000Z' });
  expect(toLayout([late, next, busy]).working).toEqual([busy.id, next.id, late.id]);
});
