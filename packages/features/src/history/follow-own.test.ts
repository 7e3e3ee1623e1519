import type { RecordedEvent, SessionId, SessionView, TurnId } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { followOwn } from './follow-own.ts';

const sessionId = 'ses_one' as SessionId;
const turnId = 'trn_one' as TurnId;
const started = {
  type: 'turn.started' as const,
  turnId,
  input: [{ type: 'text' as const, text: 'fix it' }],
  by: 'ada',
};
const view = { id: sessionId, backend: 'scripted', seq: 0 } as SessionView;

test('a prompt that was asked again is found once', async () => {
  const log: RecordedEvent[] = [];
  const found: string[] = [];
  let seq = 0;
  let tell: (view: SessionView) => void = () => undefined;
  const follower = followOwn({
    clock: createManualClock(),
    onFault(error) {
      throw error;
    },
    index: {
      listOwn: () => Promise.resolve(new Map()),
      readSeq: () => Promise.resolve(seq),
      async addOwn(content) {
        seq = content.seq;
        found.push(...content.passages.map(({ text }) => text));
      },
      forgetOwn: () => Promise.resolve(),
      commit: () => Promise.resolve(),
    },
    engine: {
      listSessions: () => Promise.resolve({ items: [] }),
      readEvents: (_, { after }) => Promise.resolve({ events: log.slice(after), seq: log.length }),
      onDeleted: () => () => undefined,
      onRecorded(listener) {
        tell = (changed) => listener([], changed);
        return () => undefined;
      },
    },
  });
  const add = async (...events: RecordedEvent['event'][]) => {
    for (const event of events) {
      log.push({ sessionId, seq: log.length + 1, at: '2026-11-20T12:00:00.000Z', event });
    }
    tell(view);
    await follower.settled();
  };
  await add(started);
  await add({ type: 'turn.requeued', turnId, reason: 'x' });
  await add(started, { ...started, turnId: 'trn_two' as TurnId });
  expect(found).toEqual(['fix it', 'fix it']);
});
