import type { CheckpointId, ItemId, SessionEvent, TurnId } from '@baton/protocol';
import { AT, record } from '@baton/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyDelta, emptyTimeline, foldTimeline } from './fold-timeline.ts';

const TURN = 'trn_1' as TurnId;
const ITEM = 'itm_1' as ItemId;
const message = (text: string) => ({ type: 'agent-message' as const, text });
const started: SessionEvent = { type: 'turn.started', turnId: TURN, input: [{ type: 'text', text: 'go' }], by: 'ada' };
const opened: SessionEvent = { type: 'item.started', turnId: TURN, itemId: ITEM, item: message('') };
const fold = (...events: SessionEvent[]) => record(events).reduce(foldTimeline, emptyTimeline);
const delta = (offset: number, text: string) => ({ itemId: ITEM, field: 'text' as const, offset, text });

describe('the timeline', () => {
  test('puts streamed text in its place and lets the ended item replace it', () => {
    const live = applyDelta(applyDelta(fold(started, opened), delta(0, 'Hel')), delta(3, 'lo'));
    expect(live.turns[0]?.items[0]).toMatchObject({ open: true, item: { text: 'Hello' } });
    const [, , ended] = record([started, opened, { type: 'item.ended', itemId: ITEM, item: message('Hello.') }]);
    const after = foldTimeline(live, ended ?? failed());
    expect(after.turns[0]?.items[0]).toMatchObject({ open: false, item: { text: 'Hello.' }, endedAt: AT });
    expect(applyDelta(after, delta(6, 'late'))).toBe(after);
  });

  test('takes a repeated delta from offset 0 as the whole text', () => {
    const live = applyDelta(applyDelta(fold(started, opened), delta(0, 'Hello')), delta(0, 'Hello, you'));
    expect(live.turns[0]?.items[0]).toMatchObject({ item: { text: 'Hello, you' } });
  });

  test('knows the last checkpoint, and tells of files that were put back', () => {
    const made = 'chk_1' as CheckpointId;
    const checkpoint = {
      type: 'checkpoint.created',
      checkpointId: made,
      title: 'A',
      trigger: 'user',
      files: 1,
    } as const;
    const kept = 'chk_2' as CheckpointId;
    const after = fold(
      started,
      { type: 'turn.ended', turnId: TURN, outcome: 'completed', durationMs: 1 },
      checkpoint,
      { ...checkpoint, checkpointId: kept },
      { type: 'checkpoint.restored', checkpointId: made, savedAs: kept },
    );
    expect(after.checkpoint).toBe(kept);
    expect(after.marks).toMatchObject([{ afterTurnId: TURN, event: { type: 'checkpoint.restored' } }]);
  });

  test('shows a turn that is asked again once, where it starts again', () => {
    const exited: SessionEvent = { type: 'agent.exited', code: null, signal: 'SIGKILL', expected: false };
    const again = fold(started, { type: 'turn.requeued', turnId: TURN, reason: 'x' }, exited, started);
    expect(again.turns.map(({ turnId }) => turnId)).toEqual([TURN]);
    expect(again.marks).toMatchObject([{ event: { type: 'agent.exited' } }]);
    expect(again.marks[0]).not.toHaveProperty('afterTurnId');
  });

  test('shares what did not change', () => {
    const other = 'itm_2' as ItemId;
    const before = fold(started, opened, { type: 'item.started', turnId: TURN, itemId: other, item: message('') });
    const after = applyDelta(before, delta(0, 'x'));
    expect(after.turns[0]?.items[1]).toBe(before.turns[0]?.items[1]);
    expect(after.marks).toBe(before.marks);
  });

  test('ignores an event it has', () => {
    const timeline = fold(started, opened);
    const [first] = record([started]);
    expect(foldTimeline(timeline, first ?? failed())).toBe(timeline);
  });

  test('shows live output of a tool until the tool has ended', () => {
    const tool = {
      type: 'tool-call' as const,
      tool: 'Bash',
      title: 'ls',
      kind: 'execute' as const,
      input: {},
      startedAt: AT,
    };
    const running = fold(started, { ...opened, item: { ...tool, status: 'running' } });
    const live = applyDelta(running, { itemId: ITEM, field: 'output', offset: 0, text: 'file\n' });
    expect(live.turns[0]?.items[0]?.liveOutput).toBe('file\n');
    const [, , ended] = record([
      started,
      opened,
      { type: 'item.ended', itemId: ITEM, item: { ...tool, status: 'completed' } },
    ]);
    expect(foldTimeline(live, ended ?? failed()).turns[0]?.items[0]).not.toHaveProperty('liveOutput');
  });

  test('reads a log from its middle without a fault', () => {
    const log = record([
      started,
      opened,
      { type: 'item.ended', itemId: ITEM, item: message('x') },
      { type: 'notice.raised', level: 'info', text: 'n' },
      { type: 'turn.ended', turnId: TURN, outcome: 'completed', durationMs: 5 },
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: log.length }), (from) => {
        const part = log.slice(from).reduce(foldTimeline, emptyTimeline);
        expect(part.turns.length).toBeLessThanOrEqual(1);
        if (from < log.length) expect(part.seq).toBe(log.length);
      }),
    );
  });
});

function failed(): never {
  throw new Error('no event');
}
