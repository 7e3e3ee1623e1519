import { expect, test } from 'vitest';
import { toTestSession } from '../sessions/test-session.ts';
import { toQueueSignature } from './queue-signature.ts';
import { toLimitWords, toPlacesWords, toWaitWords } from './queue-words.ts';

const limits = { inAll: 2, perUser: 1 };

test('says how many places are taken, and what the limits are', () => {
  expect(toPlacesWords(2, limits)).toBe('2 of 2 places taken');
  expect(toPlacesWords(1, { inAll: 1, perUser: 0 })).toBe('1 of 1 place taken');
  expect(toPlacesWords(1, { inAll: 0, perUser: 0 })).toBe('1 agent runs');
  expect(toLimitWords(limits)).toBe('2 agents run at once, 1 for one user.');
  expect(toLimitWords({ inAll: 0, perUser: 0 })).toBe('As many agents run as are asked for.');
});

test('says why one waits', () => {
  const say = (because: Parameters<typeof toWaitWords>[0]['because']) =>
    toWaitWords({ because }, { agent: 'Codex', limits });
  expect(say('all-taken')).toBe('All 2 places are taken');
  expect(say('user-taken')).toBe('Its user has 1 agent, as many as one may have');
  expect(say('failed')).toBe('Its agent ended unasked');
  expect(say('backend-failing')).toBe('Codex fails to start');
});

test('the queue is asked for again when a session gets an agent, loses it or moves, and not for what it says', () => {
  const running = toTestSession({ state: 'running' });
  const before = toQueueSignature([running]);
  expect(toQueueSignature([{ ...running, state: 'idle' }])).toBe(before);
  expect(toQueueSignature([{ ...running, state: 'stopped' }])).not.toBe(before);
  const waiting = { ...running, state: 'starting' as const, waiting: { position: 1 } };
  expect(toQueueSignature([{ ...waiting, waiting: { position: 2 } }])).not.toBe(toQueueSignature([waiting]));
});
