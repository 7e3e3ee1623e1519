import type { DeltaFrame, RecordedEvent, SessionView } from '@baton/protocol';
import {
  applyDelta,
  emptyTimeline,
  foldTimeline,
  type Timeline,
  type TimelineItem,
  type TimelineTurn,
} from '@baton/core';
import { foldView, toViewFold, type ViewFold } from './fold-view.ts';

type Delta = Pick<DeltaFrame, 'itemId' | 'field' | 'offset' | 'text'>;

/** The part of a session's log that is held here, from after `base` on, and what it folds to. */
export class SessionWindow {
  #base: number;
  #events: RecordedEvent[] = [];
  #timeline: Timeline;
  #fold: ViewFold | undefined;

  constructor(base: number, view?: SessionView) {
    this.#base = base;
    this.#timeline = { ...emptyTimeline, seq: base };
    this.#fold = view === undefined ? undefined : toViewFold(view);
  }

  /** The seq before the first event that is held. */
  get base(): number {
    return this.#base;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  get view(): SessionView | undefined {
    return this.#fold?.view;
  }

  addEvent(recorded: RecordedEvent): void {
    if (recorded.seq <= this.#timeline.seq) return;
    this.#events.push(recorded);
    this.#timeline = foldPart(this.#timeline, recorded);
    this.#fold = foldView(this.#fold, recorded);
  }

  /** False when text before it is missing. */
  addDelta(delta: Delta): boolean {
    const length = readLength(this.#timeline, delta);
    if (length === undefined) return true;
    if (delta.offset > length) return false;
    this.#timeline = applyDelta(this.#timeline, delta);
    return true;
  }

  /** The server's own word on the session; it wins over what was folded unless it is older. */
  setView(view: SessionView): void {
    if (this.#fold === undefined || view.seq >= this.#fold.state.seq) {
      const agentSeq = view.agent === undefined ? (this.#fold?.agentSeq ?? 0) : view.seq;
      this.#fold = { ...toViewFold(complete(view, this.view)), agentSeq };
    }
  }

  /**
   * Puts earlier events in front; they must end where this window begins. True when an open item came to light: what
   * had streamed of it was not kept here.
   */
  prepend(older: readonly RecordedEvent[], base: number): boolean {
    const before = this.#timeline;
    this.#events = [...older, ...this.#events];
    this.#base = base;
    this.#timeline = this.#events.reduce(foldPart, { ...emptyTimeline, seq: base });
    for (const delta of readStreamed(before)) this.#timeline = applyDelta(this.#timeline, delta);
    const known = new Set(openItems(before).map(({ itemId }) => itemId));
    return openItems(this.#timeline).some(({ itemId }) => !known.has(itemId));
  }
}

// Views of lists leave out what the agent offers and the images of waiting prompts; what is known of both is kept.
function complete(view: SessionView, known: SessionView | undefined): SessionView {
  const agent = view.agent ?? known?.agent;
  const queue = view.queue.map((turn) => known?.queue.find(({ turnId }) => turnId === turn.turnId) ?? turn);
  return { ...view, ...(agent === undefined ? {} : { agent }), queue };
}

// A window may begin in the middle of a turn: what happens in it is shown under a turn whose prompt is not known yet.
function foldPart(timeline: Timeline, recorded: RecordedEvent): Timeline {
  const { event, at } = recorded;
  if (event.type !== 'item.started' || timeline.turns.some(({ turnId }) => turnId === event.turnId)) {
    return foldTimeline(timeline, recorded);
  }
  const turn: TimelineTurn = {
    turnId: event.turnId,
    by: '',
    input: [],
    state: 'running',
    interrupting: false,
    startedAt: at,
    items: [],
  };
  return foldTimeline({ ...timeline, turns: [...timeline.turns, turn] }, recorded);
}

function openItems(timeline: Timeline): TimelineItem[] {
  return timeline.turns.flatMap((turn) => turn.items.filter(({ open }) => open));
}

// What deltas brought is in no event: it is carried over into a new fold.
function readStreamed(timeline: Timeline): Delta[] {
  return openItems(timeline).flatMap(({ itemId, item, liveOutput }): Delta[] => {
    if (liveOutput !== undefined) return [{ itemId, field: 'output', offset: 0, text: liveOutput }];
    return 'text' in item ? [{ itemId, field: 'text', offset: 0, text: item.text }] : [];
  });
}

// How much of the field is known; undefined when there is no such open item here. Searched from the end, where it nearly always is.
function readLength(timeline: Timeline, { itemId, field }: Delta): number | undefined {
  for (const turn of timeline.turns.toReversed()) {
    const entry = turn.items.findLast((each) => each.itemId === itemId);
    if (entry === undefined) continue;
    if (!entry.open) return undefined;
    if (field === 'output') return entry.liveOutput?.length ?? 0;
    return 'text' in entry.item ? entry.item.text.length : undefined;
  }
  return undefined;
}
