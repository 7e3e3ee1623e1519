import type { TimelineTurn } from '@baton/core';
import { createId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toRewindPlan, toRewindWords } from './rewind-plan.ts';

const turn = (text: string, state: TimelineTurn['state'] = 'completed'): TimelineTurn => ({
  turnId: createId('turn'),
  by: 'ada',
  input: text === '' ? [] : [{ type: 'text', text }],
  state,
  interrupting: false,
  startedAt: '2026-11-20T12:00:00.000Z',
  items: [],
});

test('what comes after a turn is taken back, named by its prompts', () => {
  const turns = [turn('one'), turn('two\nmore'), turn('')];
  expect(toRewindPlan(turns, turns[0]?.turnId ?? createId('turn'))).toEqual({
    prompts: ['two', 'A turn the agent began by itself'],
    running: false,
  });
});

test('a running turn is told of', () => {
  const turns = [turn('one'), turn('two', 'running')];
  expect(toRewindPlan(turns, turns[0]?.turnId ?? createId('turn')).running).toBe(true);
});

test('the words count turns and files', () => {
  const file = { path: 'a', change: 'added', added: 1, removed: 0, binary: false } as const;
  expect(toRewindWords(1, undefined)).toBe('1 turn');
  expect(toRewindWords(2, [file])).toBe('2 turns and 1 file');
});
