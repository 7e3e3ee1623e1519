import type { RecordedEvent, SessionEvent, SessionId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { evolve } from '../session/evolve.ts';
import { noSession, type SessionState } from '../session/state.ts';
import { toListedView, toSessionView } from './session-view.ts';

const LOG: SessionEvent[] = [
  { type: 'session.created', backend: 'b', cwd: '/w', by: 'ada', model: 'm-1' },
  { type: 'session.start-requested', by: 'ada' },
  { type: 'agent.started', pid: 1, version: '2.1' },
  {
    type: 'agent.ready',
    models: [{ id: 'm-1', title: 'Model One' }],
    ...{ modes: [], commands: [], tools: [], mcpServers: [] },
  },
];

function viewAfter(count: number) {
  const recorded = LOG.slice(0, count).map(
    (event, index): RecordedEvent => ({
      ...{ sessionId: 'ses_1' as SessionId, seq: index + 1, at: '2026-11-20T12:00:00.000Z' },
      event,
    }),
  );
  const state = recorded.reduce<SessionState>(evolve, noSession);
  if (state.status === 'none') throw new Error('no session');
  return toSessionView(state);
}

test('a list names the model as its agent does, without all else that the agent offers', () => {
  expect(viewAfter(1)).toMatchObject({ model: 'm-1' });
  expect(viewAfter(1)).not.toHaveProperty('modelTitle');
  const listed = toListedView(viewAfter(4));
  expect(listed).toMatchObject({ model: 'm-1', modelTitle: 'Model One' });
  expect(listed).not.toHaveProperty('agent');
});
