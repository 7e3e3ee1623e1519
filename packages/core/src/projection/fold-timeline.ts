import type { DeltaFrame, EventOf, Item, ItemId, RecordedEvent, SessionId, TurnId } from '@baton/protocol';
import { closeApproval, closeQuestion, toApprovalView, toQuestionView } from './inbox.ts';
import type { Timeline, TimelineItem, TimelineMark, TimelineTurn } from './timeline.ts';

const AGENT_OUTPUT_LINES = 200;

export const emptyTimeline: Timeline = {
  seq: 0,
  turns: [],
  marks: [],
  agentOutput: [],
  approvals: [],
  questions: [],
};

/** The timeline after one more event. Events at or below `timeline.seq` change nothing, so repeats are harmless. */
export function foldTimeline(timeline: Timeline, recorded: RecordedEvent): Timeline {
  if (recorded.seq <= timeline.seq) return timeline;
  return { ...applyEvent(timeline, recorded), seq: recorded.seq };
}

/** The timeline with streamed text in its place. A delta of an item that is not open changes nothing. */
export function applyDelta(
  timeline: Timeline,
  delta: Pick<DeltaFrame, 'itemId' | 'field' | 'offset' | 'text'>,
): Timeline {
  return updateItem(timeline, delta.itemId, (entry) => {
    if (!entry.open) return entry;
    if (delta.field === 'output') return { ...entry, liveOutput: splice(entry.liveOutput ?? '', delta) };
    if (entry.item.type !== 'agent-message' && entry.item.type !== 'reasoning') return entry;
    return { ...entry, item: { ...entry.item, text: splice(entry.item.text, delta) } };
  });
}

// A repeat from an earlier offset replaces what stood after it; the offset is never beyond the end on one connection.
function splice(before: string, delta: { offset: number; text: string }): string {
  return before.length === delta.offset ? before + delta.text : before.slice(0, delta.offset) + delta.text;
}

function applyEvent(timeline: Timeline, { event, at, seq, sessionId }: RecordedEvent): Timeline {
  switch (event.type) {
    case 'turn.started':
      return { ...timeline, turns: [...timeline.turns, toTurn(event, at)] };
    case 'turn.requeued':
      return requeue(timeline, event.turnId);
    case 'turn.steered':
      return steer(timeline, event, { at, seq });
    case 'session.rewound':
      return markRewind(takeBack(timeline, event), event, { at, seq });
    case 'turn.interrupt-requested':
      return updateTurn(timeline, event.turnId, (turn) => ({ ...turn, interrupting: true }));
    case 'turn.ended':
      return updateTurn(timeline, event.turnId, (turn) => endTurn(turn, event, at));
    case 'item.started':
      return startItem(timeline, event, at);
    case 'item.ended':
      return updateItem(timeline, event.itemId, (entry) => endItem(entry, event.item, at));
    case 'plan.updated':
      return { ...timeline, plan: event };
    case 'agent.output':
      return { ...timeline, agentOutput: [...timeline.agentOutput, event.text].slice(-AGENT_OUTPUT_LINES) };
    case 'session.configured':
      return isOpening(timeline, event) ? timeline : addMark(timeline, event, { at, seq });
    case 'session.stop-requested':
      return event.reason === undefined ? timeline : addMark(timeline, event, { at, seq });
    case 'session.continued':
    case 'agent.started':
    case 'agent.exited':
    case 'notice.raised':
    case 'checkpoint.restored':
      return addMark(timeline, event, { at, seq });
    case 'checkpoint.created':
      return { ...timeline, checkpoint: event.checkpointId };
    default:
      return applyAsking(timeline, { event, at, sessionId });
  }
}

function applyAsking(
  timeline: Timeline,
  recorded: { event: RecordedEvent['event']; at: string; sessionId: SessionId },
): Timeline {
  const { event } = recorded;
  switch (event.type) {
    case 'approval.requested':
      return { ...timeline, approvals: [...timeline.approvals, toApprovalView(event, recorded)] };
    case 'approval.answered':
    case 'approval.withdrawn':
      return { ...timeline, approvals: timeline.approvals.map((view) => closeApproval(view, event, recorded.at)) };
    case 'question.asked':
      return { ...timeline, questions: [...timeline.questions, toQuestionView(event, recorded)] };
    case 'question.answered':
    case 'question.withdrawn':
      return { ...timeline, questions: timeline.questions.map((view) => closeQuestion(view, event, recorded.at)) };
    default:
      return timeline;
  }
}

function toTurn(event: EventOf<'turn.started'>, at: string): TimelineTurn {
  return {
    turnId: event.turnId,
    by: event.by,
    input: event.input,
    state: 'running',
    interrupting: false,
    startedAt: at,
    items: [],
  };
}

// It waits in the queue again, as if it had never begun; what was told meanwhile stands after the turn before it.
function requeue(timeline: Timeline, turnId: TurnId): Timeline {
  const turns = timeline.turns.filter((turn) => turn.turnId !== turnId);
  const last = turns.at(-1);
  const marks = timeline.marks.map((mark) => {
    const { afterTurnId, ...rest } = mark;
    if (afterTurnId !== turnId) return mark;
    return last === undefined ? rest : { ...rest, afterTurnId: last.turnId };
  });
  return { ...timeline, turns, marks };
}

function endTurn(turn: TimelineTurn, event: EventOf<'turn.ended'>, at: string): TimelineTurn {
  return {
    ...turn,
    state: event.outcome,
    interrupting: false,
    endedAt: at,
    durationMs: event.durationMs,
    ...(event.error === undefined ? {} : { error: event.error }),
    ...(event.usage === undefined ? {} : { usage: event.usage }),
    ...(event.costUsd === undefined ? {} : { costUsd: event.costUsd }),
  };
}

function startItem(timeline: Timeline, event: EventOf<'item.started'>, at: string): Timeline {
  const entry: TimelineItem = {
    itemId: event.itemId,
    turnId: event.turnId,
    ...(event.parentItemId === undefined ? {} : { parentItemId: event.parentItemId }),
    item: event.item,
    open: true,
    startedAt: at,
  };
  return updateTurn(timeline, event.turnId, (turn) => ({ ...turn, items: [...turn.items, entry] }));
}

// What a person adds to a running turn stands where they added it.
function steer(timeline: Timeline, event: EventOf<'turn.steered'>, { at, seq }: { at: string; seq: number }): Timeline {
  const entry: TimelineItem = {
    itemId: `itm_steer_${seq}` as ItemId,
    turnId: event.turnId,
    item: { type: 'user-message', parts: event.input },
    open: false,
    startedAt: at,
    endedAt: at,
  };
  return updateTurn(timeline, event.turnId, (turn) => ({ ...turn, items: [...turn.items, entry] }));
}

function takeBack(timeline: Timeline, { turnId, before }: EventOf<'session.rewound'>): Timeline {
  const indexOf = (id: TurnId) => timeline.turns.findLastIndex((turn) => turn.turnId === id);
  const last = turnId === undefined ? -1 : indexOf(turnId);
  if (turnId !== undefined && last === -1) return timeline;
  const next = before === undefined ? -1 : indexOf(before.turnId);
  const gone = new Set(timeline.turns.slice(last + 1, next === -1 ? undefined : next).map((turn) => turn.turnId));
  const stays = (of: { turnId?: TurnId }) => of.turnId === undefined || !gone.has(of.turnId);
  const { plan, ...rest } = timeline;
  return {
    ...rest,
    ...(plan === undefined || gone.has(plan.turnId) ? {} : { plan }),
    turns: timeline.turns.filter(stays),
    marks: timeline.marks.filter(({ afterTurnId }) => stays({ ...(afterTurnId && { turnId: afterTurnId }) })),
    approvals: timeline.approvals.filter(stays),
    questions: timeline.questions.filter(stays),
  };
}

// It stands where what was taken back stood, also when a turn runs after that.
function markRewind(
  timeline: Timeline,
  event: EventOf<'session.rewound'>,
  { at, seq }: { at: string; seq: number },
): Timeline {
  const place = event.turnId === undefined ? {} : { afterTurnId: event.turnId };
  return { ...timeline, marks: [...timeline.marks, { at, seq, ...place, event }] };
}

function endItem(entry: TimelineItem, item: Item, at: string): TimelineItem {
  const { liveOutput: _, ...rest } = entry;
  return { ...rest, item, open: false, endedAt: at };
}

// What an agent says of itself before it has done anything is how it began, not a change.
function isOpening(timeline: Timeline, event: EventOf<'session.configured'>): boolean {
  return event.by === 'agent' && timeline.turns.every((turn) => turn.items.length === 0);
}

function addMark(timeline: Timeline, event: TimelineMark['event'], place: { at: string; seq: number }): Timeline {
  return { ...timeline, marks: [...timeline.marks, toMark(timeline, event, place)] };
}

function toMark(timeline: Timeline, event: TimelineMark['event'], place: { at: string; seq: number }): TimelineMark {
  const last = timeline.turns.at(-1);
  return { ...place, ...(last === undefined ? {} : { afterTurnId: last.turnId }), event };
}

// Searched from the end: what changes is nearly always the last turn and one of its last items.
function updateTurn(timeline: Timeline, turnId: TurnId, change: (turn: TimelineTurn) => TimelineTurn): Timeline {
  const index = timeline.turns.findLastIndex((turn) => turn.turnId === turnId);
  const turn = timeline.turns[index];
  if (turn === undefined) return timeline;
  return { ...timeline, turns: timeline.turns.with(index, change(turn)) };
}

function updateItem(timeline: Timeline, itemId: ItemId, change: (entry: TimelineItem) => TimelineItem): Timeline {
  for (let turnIndex = timeline.turns.length - 1; turnIndex >= 0; turnIndex -= 1) {
    const turn = timeline.turns[turnIndex];
    const itemIndex = turn === undefined ? -1 : turn.items.findLastIndex((entry) => entry.itemId === itemId);
    const entry = turn?.items[itemIndex];
    if (turn === undefined || entry === undefined) continue;
    const changed = change(entry);
    if (changed === entry) return timeline;
    return {
      ...timeline,
      turns: timeline.turns.with(turnIndex, { ...turn, items: turn.items.with(itemIndex, changed) }),
    };
  }
  return timeline;
}
