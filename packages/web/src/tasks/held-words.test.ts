import { expect, test } from 'vitest';
import { toTestSession } from '../sessions/test-session.ts';
import { toHeldWords } from './held-words.ts';

test('a task that waits for a place or for its user says so, and one that works does not', () => {
  expect(toHeldWords(toTestSession({ state: 'starting', waiting: { position: 1 } }))).toBe(
    'Waits for a place, next in the queue',
  );
  expect(toHeldWords(toTestSession({ state: 'waiting' }))).toBe('Needs you');
  expect(toHeldWords(toTestSession({ state: 'running' }))).toBeUndefined();
});
