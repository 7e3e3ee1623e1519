import type { SessionEvent, TurnId } from '@baton/protocol';
import { given, record } from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import { emptyTimeline, foldTimeline } from '../projection/fold-timeline.ts';
import { evolve } from './evolve.ts';
import { type GoneTurns, GoneTurnsSearch } from './gone-turns.ts';
import { noSession } from './state.ts';

const id = (name: string) => `trn_${name}` as TurnId;
const created: SessionEvent = { type: 'session.created', backend: 'b', cwd: '/w', by: 'ada' };
const up: SessionEvent[] = [
  created,
  { type: 'session.start-requested', by: 'ada' },
  { type: 'agent.started', pid: 7, version: '2', nativeId: 'native' },
];
const started = (name: string): SessionEvent => ({ type: 'turn.started', turnId: id(name), input: [], by: 'ada' });
const ended = (name: string, point?: string): SessionEvent => ({
  ...{ type: 'turn.ended', turnId: id(name), outcome: 'completed', durationMs: 1 },
  ...(point === undefined ? {} : { point }),
});
const turn = (name: string, point: string | undefined = name) => [started(name), ended(name, point)];
const nameless = (name: string) => [started(name), ended(name)];

/** What is gone of this log for an agent that has these points; each turn is two events, after the first three. */
function find(log: readonly SessionEvent[], points: readonly string[]): GoneTurns | undefined {
  const search = new GoneTurnsSearch(points);
  for (const recorded of record(log).toReversed()) if (!search.take(recorded)) break;
  return search.found;
}

describe('what an agent does not have any more (R17)', () => {
  test.each<{ what: string; log: SessionEvent[]; points: string[]; gone?: GoneTurns }>([
    { what: 'nothing', log: [...turn('a'), ...turn('b')], points: ['a', 'b'] },
    { what: 'nothing of a log without turns', log: [], points: [] },
    { what: 'nothing that it never had a name for', log: nameless('a'), points: [] },
    { what: 'nothing after what it has, without a name', log: [...turn('a'), ...nameless('b')], points: ['a'] },
    { what: 'nothing before a turn that it has', log: [...turn('a'), ...turn('b')], points: ['b'] },
    {
      what: 'the last turns',
      log: [...turn('a'), ...turn('b'), ...turn('c')],
      ...{ points: ['a', 'x'], gone: { turnId: id('a'), after: 5 } },
    },
    { what: 'all turns', log: [...turn('a'), ...turn('b')], points: ['x'], gone: { after: 3 } },
    {
      what: 'not one without a name before those that are gone',
      log: [...turn('a'), ...nameless('b'), ...turn('c'), ...nameless('d')],
      ...{ points: ['a'], gone: { turnId: id('b'), after: 7 } },
    },
    {
      what: 'not the one that runs',
      log: [...turn('a'), ...turn('b'), started('c')],
      ...{ points: ['a'], gone: { turnId: id('a'), after: 5, before: { turnId: id('c'), seq: 8 } } },
    },
    {
      what: 'all but the one that runs',
      log: [...turn('a'), started('b')],
      ...{ points: [], gone: { after: 3, before: { turnId: id('b'), seq: 6 } } },
    },
  ])('is $what', ({ log, points, gone }) => expect(find([...up, ...log], points)).toEqual(gone));

  test('is taken back, and nothing is asked of it', () => {
    const report = { type: 'agent.went-back' as const, points: ['a'] };
    const gone = { turnId: id('a'), after: 5 };
    given(...up, ...turn('a'), ...turn('b'))
      .when({ type: 'agent.report', report }, { gone })
      .then({ type: 'session.rewound', ...gone, by: 'agent' });
    given(...up, ...turn('a'))
      .when({ type: 'agent.report', report })
      .thenNothing();
  });

  test('is no part of the conversation, where a turn runs after it as well', () => {
    const before = { turnId: id('c'), seq: 8 };
    const back: SessionEvent = { type: 'session.rewound', turnId: id('a'), after: 5, before, by: 'agent' };
    const log = record([...up, ...turn('a'), ...turn('b'), started('c'), back, ended('c', 'c')]);
    expect(log.reduce(evolve, noSession)).toMatchObject({ takenBack: [{ after: 5, until: 7 }], nativeId: 'native' });
    const { turns, marks } = log.reduce(foldTimeline, emptyTimeline);
    expect(turns).toMatchObject([
      { turnId: id('a'), state: 'completed' },
      { turnId: id('c'), state: 'completed' },
    ]);
    expect(marks.at(-1)).toMatchObject({ event: back, afterTurnId: id('a') });
  });

  test('may be all there is', () => {
    const log = record([...up, ...turn('a'), { type: 'session.rewound', after: 3, by: 'agent' }]);
    const { turns, marks } = log.reduce(foldTimeline, emptyTimeline);
    expect(turns).toEqual([]);
    expect(marks.at(-1)).not.toHaveProperty('afterTurnId');
  });

  test('ends what Baton itself went back to, and not where a fork comes from', () => {
    const own = { type: 'session.rewound' as const, turnId: id('a'), after: 5, by: 'ada' };
    const branch = { nativeId: 'native', point: 'a' };
    const back = { ...own, after: 3, by: 'agent' };
    const again: SessionEvent = { type: 'agent.started', pid: 8, version: '2', nativeId: 'native' };
    const rewound = record([...up, ...turn('a'), ...turn('b'), { ...own, branch }, again, back]);
    expect(rewound.reduce(evolve, noSession)).not.toHaveProperty('branch');
    const forked = record([{ ...created, branch, inherited: 2 }, ...turn('a'), again, back]);
    expect(forked.reduce(evolve, noSession)).toMatchObject({ branch: { kind: 'fork' } });
  });
});

describe('what an agent has besides, when it is opened again', () => {
  const notice: SessionEvent = { type: 'notice.raised', level: 'info', text: 'told' };
  const look = (log: readonly SessionEvent[], points: readonly string[]) => {
    const search = new GoneTurnsSearch(points);
    for (const recorded of record(log).toReversed()) if (!search.take(recorded)) break;
    return search.added;
  };

  test.each<{ what: string; log: SessionEvent[]; points: string[]; count: number }>([
    { what: 'nothing', log: [...turn('a'), ...turn('b')], points: ['b', 'a'], count: 0 },
    { what: 'what came after the last that both have', log: turn('a'), points: ['y', 'x', 'a', 'w'], count: 2 },
    { what: 'nothing that can be told where they have none in common', log: nameless('a'), points: ['x'], count: 0 },
    {
      what: 'not what may be a turn without a name',
      log: [...turn('a'), ...nameless('b')],
      points: ['x', 'a'],
      count: 0,
    },
    { what: 'not the turn that runs', log: [...turn('a'), started('b')], points: ['y', 'x', 'a'], count: 1 },
    { what: 'what came after it went back', log: [...turn('a'), ...turn('b')], points: ['x', 'a'], count: 1 },
  ])('is $what', ({ log, points, count }) => expect(look([...up, ...log], points)).toMatchObject({ count }));

  test('is told once, until a turn that both have goes through', () => {
    expect(look([...up, ...turn('a'), notice], ['x', 'a']).notices).toEqual(new Set(['told']));
    expect(look([...up, notice, ...turn('a')], ['x', 'a']).notices).toEqual(new Set());
  });

  test.each([
    { count: 1, words: 'by a turn, which is not shown here' },
    { count: 3, words: 'by 3 turns, which are not shown here' },
  ])('is told: $words', ({ count, words }) => {
    const report = { type: 'agent.went-back' as const, points: ['x', 'a'], isOpened: true };
    const text: string = expect.stringContaining(words);
    given(...up, ...turn('a'))
      .when({ type: 'agent.report', report }, { added: { count, notices: new Set() } })
      .then({ type: 'notice.raised', level: 'info', text });
  });
});
