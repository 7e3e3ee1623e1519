import { createId, type DownFrame, type RecordedEvent, type UpFrameInput } from '@baton/protocol';
import { expect, test } from 'vitest';
import { createResume } from './resume.ts';

const sessionId = createId('session');
const AT = '2026-11-20T12:00:00.000Z';

function createFollowed(after = 0) {
  const sent: UpFrameInput[] = [];
  const failures: string[] = [];
  const told: string[] = [];
  const resume = createResume({
    send: (frame) => sent.push(frame) > 0,
    fail: (reason) => void failures.push(reason),
  });
  const followed = resume.follow({
    sessionId,
    after,
    follower: {
      event: ({ seq }: RecordedEvent) => void told.push(`event ${seq}`),
      delta: ({ text }) => void told.push(`delta ${text}`),
      caughtUp: (seq) => void told.push(`caught up ${seq}`),
      reset: (reason) => void told.push(`reset ${reason}`),
      refused: ({ kind }) => void told.push(`refused ${kind}`),
    },
  });
  const receive = (...frames: DownFrame[]) => {
    for (const frame of frames) resume.received(frame);
  };
  const subscriptions = () => sent.flatMap((frame) => (frame.type === 'subscribe' ? [frame.after] : []));
  return { resume, followed, sent, failures, told, receive, subscriptions };
}

const event = (seq: number): DownFrame => ({
  type: 'event',
  sessionId,
  seq,
  at: AT,
  event: { type: 'notice.raised', level: 'info', text: `${seq}` },
});
const caughtUp = (seq: number): DownFrame => ({ type: 'caught-up', sessionId, seq });
const delta = (text: string): DownFrame => ({
  type: 'delta',
  sessionId,
  itemId: createId('item'),
  field: 'text',
  offset: 0,
  text,
});

test('begins after what is known and resumes after the last event', () => {
  const line = createFollowed(5);
  line.receive(event(6), event(7));
  line.resume.online();
  expect(line.subscriptions()).toEqual([5, 7]);
});

test('repeats are dropped', () => {
  const line = createFollowed();
  line.receive(event(1), event(1), event(2), event(1), caughtUp(2));
  expect(line.told).toEqual(['event 1', 'event 2', 'caught up 2']);
});

test('after a gap it reads on from the last good event, and nothing of the old subscription gets through', () => {
  const line = createFollowed();
  line.receive(event(1), event(3), event(4), delta('of the gap'));
  expect(line.subscriptions()).toEqual([0, 1]);
  expect(line.sent).toContainEqual({ type: 'unsubscribe', sessionId });
  line.receive(event(2), event(3), event(4), caughtUp(4), delta('fine'));
  expect(line.told).toEqual(['event 1', 'event 2', 'event 3', 'event 4', 'caught up 4', 'delta fine']);
});

test('a caught-up beyond what came is a gap too', () => {
  const line = createFollowed();
  line.receive(event(1), caughtUp(3));
  expect(line.subscriptions()).toEqual([0, 1]);
  expect(line.told).toEqual(['event 1']);
});

test('a server that leaves the same event out again and again is given up', () => {
  const line = createFollowed();
  for (let round = 0; round < 3; round += 1) line.receive(event(2), caughtUp(2));
  expect(line.failures).toEqual([`The server left out events of session "${sessionId}"`]);
  line.resume.online();
  line.receive(event(1));
  expect(line.told).toEqual(['event 1']);
});

test('a reset forgets and begins from nothing', () => {
  const line = createFollowed();
  line.receive(event(1), event(2), { type: 'reset', sessionId, reason: 'restored' }, event(1));
  expect(line.told).toEqual(['event 1', 'event 2', 'reset restored', 'event 1']);
  expect(line.subscriptions()).toEqual([0, 0]);
});

test('an error about the session ends the subscription', () => {
  const line = createFollowed();
  const error = { type: '', title: '', status: 404, detail: 'gone', kind: 'not-found' as const, retry: false };
  line.receive({ type: 'error', sessionId, error }, event(1));
  line.resume.online();
  expect(line.told).toEqual(['refused not-found']);
  expect(line.subscriptions()).toEqual([0]);
});

test('other sessions and a stopped follower hear nothing', () => {
  const line = createFollowed();
  line.receive({ ...event(1), sessionId: createId('session') } as DownFrame);
  line.followed.stop();
  line.receive(event(1));
  line.resume.online();
  expect(line.told).toEqual([]);
  expect(line.sent.at(-1)).toEqual({ type: 'unsubscribe', sessionId });
});
