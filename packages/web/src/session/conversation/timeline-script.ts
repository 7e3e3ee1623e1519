import { applyDelta, emptyTimeline, foldTimeline, type Timeline } from '@baton/core';
import {
  itemIdSchema,
  sessionIdSchema,
  turnIdSchema,
  type Item,
  type ItemId,
  type SessionEvent,
  type ToolCallItem,
  type TurnId,
} from '@baton/protocol';

const START = Date.parse('2026-11-20T10:00:00.000Z');

/** A timeline made of events one after another, a second apart, through the same fold as in the page. For tests. */
export interface TimelineScript {
  timeline(): Timeline;
  record(event: SessionEvent): void;
  turn(name: string, prompt?: string): TurnId;
  endTurn(name: string, outcome?: 'completed' | 'interrupted' | 'failed'): void;
  /** Starts an item in the last turn. */
  start(name: string, item: Item, parent?: string): ItemId;
  delta(name: string, field: 'text' | 'output', piece: { offset: number; text: string }): void;
  end(name: string, item: Item): void;
  /** A tool call that ran to its end. */
  call(name: string, call: Partial<ToolCallItem>, parent?: string): ItemId;
}

export function createTimelineScript(): TimelineScript {
  const sessionId = sessionIdSchema.parse('ses_1');
  let timeline = emptyTimeline;
  let last = turnIdSchema.parse('trn_none');
  const record = (event: SessionEvent) => {
    const seq = timeline.seq + 1;
    timeline = foldTimeline(timeline, { sessionId, seq, at: toTime(seq), event });
  };
  const start = (name: string, item: Item, parent?: string) => {
    const itemId = toItemId(name);
    const parentItemId = parent === undefined ? {} : { parentItemId: toItemId(parent) };
    record({ type: 'item.started', turnId: last, itemId, ...parentItemId, item });
    return itemId;
  };
  const end = (name: string, item: Item) => record({ type: 'item.ended', itemId: toItemId(name), item });
  return {
    timeline: () => timeline,
    record,
    start,
    end,
    turn(name, prompt = 'Do it') {
      last = turnIdSchema.parse(`trn_${name}`);
      record({ type: 'turn.started', turnId: last, input: [{ type: 'text', text: prompt }], by: 'usr_1' });
      return last;
    },
    endTurn(name, outcome = 'completed') {
      record({ type: 'turn.ended', turnId: turnIdSchema.parse(`trn_${name}`), outcome, durationMs: 1000 });
    },
    delta(name, field, piece) {
      timeline = applyDelta(timeline, { itemId: toItemId(name), field, ...piece });
    },
    call(name, call, parent) {
      const item = toCall(call);
      const itemId = start(name, { ...item, status: 'running' }, parent);
      end(name, item);
      return itemId;
    },
  };
}

/** A completed call of a read unless told otherwise. */
export function toCall(call: Partial<ToolCallItem>): ToolCallItem {
  return {
    type: 'tool-call',
    tool: 'Tool',
    title: 'a.ts',
    kind: 'read',
    input: {},
    status: 'completed',
    startedAt: toTime(0),
    endedAt: toTime(1),
    ...call,
  };
}

function toItemId(name: string): ItemId {
  return itemIdSchema.parse(`itm_${name}`);
}

function toTime(second: number): string {
  return new Date(START + second * 1000).toISOString();
}
