import type { RecordedEvent, SessionId, TurnId } from '@baton/protocol';
import type { Link } from '@baton/client';
import { expect, test } from 'vitest';
import { createFakeTerminal } from '../test/fake-terminal.ts';
import { followSession } from './follow-session.ts';

const sessionId = 'ses_one' as SessionId;
const turnId = 'trn_one' as TurnId;
const started = {
  type: 'turn.started' as const,
  turnId,
  input: [{ type: 'text' as const, text: 'fix it' }],
  by: 'ada',
};

/** What a terminal shows of these events. */
function show(events: RecordedEvent['event'][]): string {
  const terminal = createFakeTerminal();
  const link: Pick<Link, 'follow' | 'send'> = {
    send: () => Promise.resolve(null),
    follow({ follower }) {
      for (const [index, event] of events.entries()) {
        follower.event({ sessionId, seq: index + 1, at: '2026-11-20T12:00:00.000Z', event });
      }
      return { resync: () => undefined, refresh: () => undefined, stop: () => undefined };
    },
  };
  followSession({ link, terminal, sessionId, json: false, approve: 'ask', onlyWatch: true }).stop();
  return terminal.said;
}

test('a prompt that is asked again is shown once, with why', () => {
  const said = show([started, { type: 'turn.requeued', turnId, reason: 'It was not heard' }, started]);
  expect(said).toBe('> fix it\n· It was not heard\n');
});
