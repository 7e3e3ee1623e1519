import type { InputPart, Item, ItemId, SessionEvent, TurnId, EventOf } from '@baton/protocol';

export interface TimedEvent {
  at: string;
  event: SessionEvent;
}

export type StoredTurnEnd = Omit<EventOf<'turn.ended'>, 'type' | 'turnId' | 'durationMs'>;

/**
 * A conversation's events as they are found, so that the invariants of the log hold whatever the file says: one turn at a
 * time, items only within one, each ended once and before its turn, times that never go back. What would break them is left out.
 */
export class StoredLog {
  readonly events: TimedEvent[] = [];
  readonly #known = new Set<string>();
  readonly #open = new Map<ItemId, Item>();
  #turn: { turnId: TurnId; startedAt: number } | undefined;
  #now = 0;
  #at: string | undefined;

  get turnId(): TurnId | undefined {
    return this.#turn?.turnId;
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  get at(): string {
    this.#at ??= new Date(this.#now).toISOString();
    return this.#at;
  }

  /** What follows happened at `time`; no valid time, or one before the last, leaves it as it was. */
  moveTo(time: number | undefined): void {
    if (time === undefined || time <= this.#now || time >= MAX_TIME) return;
    this.#now = time;
    this.#at = undefined;
  }

  startTurn(turnId: TurnId, input: InputPart[], by: 'user' | 'agent'): void {
    if (this.#known.has(turnId)) return;
    this.endTurn({ outcome: 'completed' });
    this.#known.add(turnId);
    this.#turn = { turnId, startedAt: this.#now };
    this.#push({ type: 'turn.started', turnId, input, by });
  }

  /** Somebody added to the running turn. */
  steer(input: InputPart[]): void {
    if (this.#turn !== undefined) this.#push({ type: 'turn.steered', turnId: this.#turn.turnId, input, by: 'user' });
  }

  startItem(itemId: ItemId, item: Item, parentItemId?: ItemId): void {
    if (this.#turn === undefined || this.#known.has(itemId)) return;
    this.#known.add(itemId);
    this.#open.set(itemId, item);
    const parent = parentItemId === undefined || !this.#known.has(parentItemId) ? {} : { parentItemId };
    this.#push({ type: 'item.started', turnId: this.#turn.turnId, itemId, ...parent, item });
  }

  endItem(itemId: ItemId, item: Item): void {
    if (this.#open.delete(itemId)) this.#push({ type: 'item.ended', itemId, item });
  }

  /** A message or reasoning, whole. */
  say(itemId: ItemId, said: { type: 'agent-message' | 'reasoning'; text: string }, parentItemId?: ItemId): void {
    if (said.text.trim() === '') return;
    this.startItem(itemId, { ...said, text: '' }, parentItemId);
    this.endItem(itemId, said);
  }

  plan(entries: EventOf<'plan.updated'>['entries']): void {
    if (this.#turn !== undefined) this.#push({ type: 'plan.updated', turnId: this.#turn.turnId, entries });
  }

  /** Ends the running turn and what is open in it; nothing without one. */
  endTurn(end: StoredTurnEnd): void {
    if (this.#turn === undefined) return;
    const status = end.outcome === 'failed' ? 'failed' : 'interrupted';
    for (const [itemId, item] of [...this.#open].toReversed()) {
      this.endItem(itemId, item.type === 'tool-call' ? { ...item, status, endedAt: this.at } : item);
    }
    const { turnId, startedAt } = this.#turn;
    this.#turn = undefined;
    this.#push({ type: 'turn.ended', turnId, ...end, durationMs: this.#now - startedAt });
  }

  #push(event: SessionEvent): void {
    this.events.push({ at: this.at, event });
  }
}

// The last day that RFC 3339 can write.
const MAX_TIME = Date.UTC(9999, 11, 31);

/** RFC 3339 or milliseconds since the epoch, as found in a file; undefined when it is neither. */
export function toTime(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : value;
  return typeof time === 'number' && Number.isFinite(time) && time >= 0 ? Math.trunc(time) : undefined;
}
