import type { RecordedEvent, SessionEvent, SessionId } from '@baton/protocol';
import { evolve, noSession, toListedView, toSessionView } from '@baton/core';
import { expect, test } from 'vitest';
import { SessionWindow } from './session-window.ts';

const LOG: SessionEvent[] = [
  { type: 'session.created', backend: 'b', cwd: '/w', by: 'ada' },
  { type: 'session.start-requested', by: 'ada' },
  { type: 'agent.started', pid: 1, version: '2.1' },
  {
    type: 'agent.ready',
    models: [],
    modes: [],
    commands: [{ name: 'compact', description: 'Make room' }],
    tools: [],
    mcpServers: [],
  },
  { type: 'notice.raised', level: 'info', text: 'ready' },
];

const events = LOG.map(
  (event, index): RecordedEvent => ({
    sessionId: 'ses_1' as SessionId,
    seq: index + 1,
    at: '2026-11-20T12:00:00.000Z',
    event,
  }),
);

function viewAfter(count: number) {
  const state = events.slice(0, count).reduce(evolve, noSession);
  if (state.status === 'none') throw new Error('no session');
  return toSessionView(state);
}

test('what an agent offers is kept when a shorter view of the list overtakes the event that tells it', () => {
  const window = new SessionWindow(0, viewAfter(2));
  window.setView(toListedView(viewAfter(5)));
  for (const event of events) window.addEvent(event);
  expect(window.view).toEqual(viewAfter(5));
});

test('an older offer that is read again does not replace the one of the whole view', () => {
  const window = new SessionWindow(0, viewAfter(5));
  for (const event of events) window.addEvent(event);
  expect(window.view).toEqual(viewAfter(5));
});

test('what the server tells beside the log stays until it is over', () => {
  const window = new SessionWindow(0, { ...viewAfter(2), waiting: { position: 2 } });
  window.setView({ ...viewAfter(2), waiting: { position: 1 } });
  expect(window.view?.waiting).toEqual({ position: 1 });
  for (const event of events.slice(0, 3)) window.addEvent(event);
  expect(window.view).toEqual(viewAfter(3));
  window.setView({ ...viewAfter(3), quietSince: '2026-11-20T12:00:00.000Z' });
  expect(window.view?.quietSince).toBe('2026-11-20T12:00:00.000Z');
  window.setView(viewAfter(3));
  expect(window.view).not.toHaveProperty('quietSince');
});
