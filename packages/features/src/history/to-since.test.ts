import { type ItemId, type SessionEvent, toPlainText, type TurnId } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import { toSince } from './to-since.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

function turn(second: number, outcome: 'completed' | 'interrupted' = 'completed', text = `prompt ${second}`) {
  const turnId = `trn_${second}` as TurnId;
  const events: SessionEvent[] = [
    { type: 'turn.started', turnId, input: [{ type: 'text', text }], by: 'user' },
    { type: 'turn.ended', turnId, outcome, durationMs: 1 },
  ];
  return events.map((event, index) => ({ at: at(second + index), event }));
}

const NONE = { turns: [], taken: [] };
/** What a session has that knows its turns by their words alone. */
const toOwn = (texts: readonly string[]) => ({
  turns: texts.map((text, index) => ({ turnId: `trn_own_${index}` as TurnId, text })),
  taken: [],
});

const starts = (events: ReturnType<typeof turn>) =>
  events.flatMap(({ event }) => (event.type === 'turn.started' ? [event.turnId] : []));

describe('what was said since', () => {
  test('is what began after it', () => {
    const events = [...turn(10), ...turn(20), ...turn(30)];
    const since = (second: number) =>
      toSince({ events }, { ...NONE, since: at(second), isLive: false, isQuiet: false });
    expect(starts([...since(0).past])).toEqual(['trn_10', 'trn_20', 'trn_30']);
    expect(starts([...since(20).past])).toEqual(['trn_30']);
    expect(since(30)).toEqual({ past: [] });
  });

  test.each([
    { what: 'closed', isLive: false, isQuiet: false, outcome: 'interrupted', taken: true },
    { what: 'open', isLive: true, isQuiet: false, outcome: 'completed', taken: false, againMs: 60_000 },
    { what: 'open and at rest', isLive: true, isQuiet: true, outcome: 'completed', taken: true },
    { what: 'open and in the middle', isLive: true, isQuiet: true, outcome: 'interrupted', taken: false },
    {
      what: 'unknown, at its end',
      isLive: undefined,
      isQuiet: false,
      outcome: 'completed',
      taken: false,
      againMs: 2000,
    },
    {
      what: 'unknown, in the middle',
      isLive: undefined,
      isQuiet: false,
      outcome: 'interrupted',
      taken: false,
      againMs: 60_000,
    },
    { what: 'unknown, and at rest', isLive: undefined, isQuiet: true, outcome: 'interrupted', taken: true },
  ] as const)('leaves out the last turn while it may go on: $what', ({ outcome, taken, isLive, isQuiet, ...more }) => {
    const events = [...turn(10), ...turn(20, outcome)];
    const since = toSince({ events }, { ...NONE, since: at(5), isLive, isQuiet });
    expect(starts([...since.past])).toEqual(taken ? ['trn_10', 'trn_20'] : ['trn_10']);
    if ('againMs' in more) expect(since.againMs).toBe(more.againMs);
  });

  test.each([
    { what: 'all were written anew', texts: ['a', 'b', 'c'], asked: ['a', 'b'], since: 40, taken: ['c'] },
    {
      what: 'all were, and one was added between',
      texts: ['a', 'x', 'b', 'c'],
      asked: ['a', 'b'],
      since: 40,
      taken: ['c'],
    },
    {
      what: 'the same words come again',
      texts: ['a', 'go on', 'go on'],
      asked: ['a', 'go on'],
      since: 20,
      taken: ['go on'],
    },
    { what: 'the last was never stored', texts: ['a', 'c'], asked: ['a', 'b'], since: 10, taken: ['c'] },
    { what: 'there is nothing new', texts: ['a', 'b'], asked: ['a', 'b'], since: 40, taken: [] },
  ])('is not what the session has, whatever the times say: $what', ({ texts, asked, since, taken }) => {
    // Written after the session's own last turn, unless that says otherwise.
    const events = texts.flatMap((text, index) =>
      turn(since === 40 ? 50 + index * 2 : 10 + index * 10 - 5, 'completed', text),
    );
    const { past } = toSince({ events }, { ...toOwn(asked), since: at(since), isLive: false, isQuiet: false });
    const started = past.flatMap(({ event }) => (event.type === 'turn.started' ? toPlainText(event.input) : []));
    expect(started).toEqual(taken);
  });

  describe('is told by what the agent calls its turns, whatever clocks say', () => {
    const named = (second: number, text: string) =>
      turn(second, 'completed', text).map(({ at: time, event }) => ({
        at: time,
        event: event.type === 'turn.ended' ? { ...event, point: `end of ${second}` } : event,
      }));
    const own = (second: number | undefined, text: string) => ({
      turnId: `trn_own_${text}` as TurnId,
      text,
      ...(second === undefined ? {} : { point: `end of ${second}` }),
    });
    // Found by a server that came when all that was over.
    const late = { since: at(59), isLive: false, isQuiet: false, taken: [] };
    const whole = [...named(10, 'one'), ...named(20, 'go on'), ...named(30, 'go on'), ...named(40, 'three')];

    test.each([
      { what: 'all', turns: [own(10, 'one'), own(20, 'go on'), own(30, 'go on'), own(40, 'three')], taken: [] },
      { what: 'up to one', turns: [own(10, 'one')], taken: ['trn_20', 'trn_30', 'trn_40'] },
      {
        what: 'one that died here, too',
        turns: [own(10, 'one'), own(undefined, 'go on')],
        taken: ['trn_30', 'trn_40'],
      },
      {
        what: 'one that died before it was stored, too',
        turns: [own(20, 'go on'), own(undefined, 'never stored')],
        taken: ['trn_30', 'trn_40'],
      },
    ])('where the session has $what', ({ turns, taken }) => {
      expect(starts([...toSince({ events: whole }, { ...late, turns }).past])).toEqual(taken);
    });
  });

  describe('of a turn that was told of too early is what came to it', () => {
    const turnId = 'trn_taken' as TurnId;
    const say = (name: string, second: number) => {
      const itemId = `itm_${name}` as ItemId;
      const item = { type: 'agent-message' as const, text: name };
      const events: SessionEvent[] = [
        { type: 'item.started', turnId, itemId, item: { ...item, text: '' } },
        { type: 'item.ended', itemId, item },
      ];
      return events.map((event) => ({ at: at(second), event }));
    };
    const [begin, end] = [
      { type: 'turn.started' as const, turnId, input: [{ type: 'text' as const, text: 'dig' }], by: 'user' },
      { type: 'turn.ended' as const, turnId, outcome: 'completed' as const, durationMs: 1, costUsd: 1 },
    ];
    const grown = [{ at: at(10), event: begin }, ...say('one', 12), ...say('two', 50), { at: at(51), event: end }];
    const when = { since: at(13), isLive: undefined, isQuiet: true };
    const had = (...taken: string[]) => ({ ...when, turns: [{ turnId, text: 'dig' }], taken: taken as ItemId[] });

    test('as a turn that the agent began, which costs nothing', () => {
      const { past } = toSince({ events: grown }, had('itm_one'));
      expect(past.map(({ event }) => event.type)).toEqual([
        ...['turn.started', 'item.started', 'item.ended', 'turn.ended'],
      ]);
      expect(past[0]).toMatchObject({ at: at(50), event: { input: [], by: 'agent' } });
      expect(past[1]?.event).toMatchObject({ itemId: 'itm_two' });
      expect(past[3]?.event).not.toHaveProperty('costUsd');
      expect(new Set(past.flatMap(({ event }) => ('turnId' in event ? [event.turnId] : []))).size).toBe(1);
      expect(starts([...past])).not.toEqual([turnId]);
    });

    test('once', () => {
      expect(toSince({ events: grown }, had('itm_one', 'itm_two')).past).toEqual([]);
      const more = had('itm_one', 'itm_two');
      const turns = [...more.turns, { turnId: 'trn_more' as TurnId, text: '' }];
      expect(toSince({ events: grown }, { ...more, turns }).past).toEqual([]);
      const third = [...grown.slice(0, -1), ...say('three', 55), ...grown.slice(-1)];
      const { past } = toSince({ events: third }, { ...more, turns });
      expect(past[1]?.event).toMatchObject({ itemId: 'itm_three' });
    });

    test('nothing, when the session went on itself', () => {
      const own = had('itm_one');
      const turns = [...own.turns, { turnId: 'trn_own' as TurnId, text: 'water' }];
      expect(toSince({ events: grown }, { ...own, turns }).past).toEqual([]);
    });
  });
});
