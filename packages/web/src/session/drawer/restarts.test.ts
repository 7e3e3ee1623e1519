import type { TimelineMark } from '@baton/core';
import { expect, test } from 'vitest';
import { toRestarts } from './restarts.ts';
import { toTimeChoices } from './time-choices.ts';

const started: TimelineMark['event'] = { type: 'agent.started', pid: 1, version: '1' };
const stopped: TimelineMark['event'] = { type: 'agent.exited', code: 0, signal: null, expected: true };
const died: TimelineMark['event'] = { type: 'agent.exited', code: null, signal: 'SIGKILL', expected: false };
const slept: TimelineMark['event'] = { type: 'session.stop-requested', by: 'baton', reason: 'unused' };
const notice = (text: string): TimelineMark['event'] => ({ type: 'notice.raised', level: 'warning', text });

const toMarks = (...events: TimelineMark['event'][]): TimelineMark[] =>
  events.map((event, index) => ({ event, seq: index + 1, at: '2026-11-21T12:00:00.000Z' }));
const textsOf = (...events: TimelineMark['event'][]) => toRestarts(toMarks(...events)).entries.map(({ text }) => text);

test('an agent that runs since its first start has no restarts', () => {
  expect(textsOf(notice('hello'), started)).toEqual([]);
});

test('each end is told with its reason and what Baton does about it, the newest first', () => {
  expect(textsOf(started, died, notice('It is started again'), started, notice('by the way'), stopped)).toEqual([
    'Agent stopped',
    'Agent started again',
    'It is started again',
    'The agent ended by itself (signal SIGKILL)',
  ]);
  expect(toRestarts(toMarks(started, died, started, died, stopped)).unasked).toBe(2);
});

test('one that was put to sleep was not stopped by somebody', () => {
  expect(textsOf(started, slept, stopped, started)).toEqual([
    'Agent started again',
    'Put to sleep: it had nothing to do, and nobody watched',
  ]);
});

test('a time that was chosen elsewhere is among the choices', () => {
  expect(toTimeChoices(0).map(({ title }) => title)).toEqual([
    ...['Keep working', 'Stop after 5 min', 'Stop after 15 min', 'Stop after 1 hour', 'Stop after 8 hours'],
  ]);
  expect(toTimeChoices(90)).toContainEqual({ value: '90', title: 'Stop after 90 min' });
});
