import type { SessionHandle, SessionSnapshot } from '@baton/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSessionSource } from './session-source.ts';

const LIVE: SessionSnapshot = {
  status: 'live',
  timeline: { seq: 3, turns: [], marks: [], agentOutput: [], approvals: [], questions: [] },
  optimistic: [],
  steering: [],
  hasOlder: false,
};

function createHandles() {
  let open = 0;
  const handle: SessionHandle = {
    get: () => LIVE,
    subscribe: () => () => undefined,
    loadOlder: () => Promise.resolve(),
    close: () => {
      open -= 1;
    },
  };
  return {
    openHandle: () => {
      open += 1;
      return handle;
    },
    count: () => open,
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('opens with the first listener, once for all of them, and closes some time after the last', () => {
  const handles = createHandles();
  const source = createSessionSource(handles.openHandle, 1000);
  expect(source.get().status).toBe('loading');
  expect(handles.count()).toBe(0);
  const stops = [source.subscribe(() => undefined), source.subscribe(() => undefined)];
  expect(handles.count()).toBe(1);
  expect(source.get()).toBe(LIVE);
  for (const stop of stops) stop();
  vi.advanceTimersByTime(999);
  expect(handles.count()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(handles.count()).toBe(0);
});

it('stays open for whoever comes back in time', () => {
  const handles = createHandles();
  const source = createSessionSource(handles.openHandle, 1000);
  source.subscribe(() => undefined)();
  vi.advanceTimersByTime(500);
  const stop = source.subscribe(() => undefined);
  vi.advanceTimersByTime(5000);
  expect(handles.count()).toBe(1);
  stop();
});
