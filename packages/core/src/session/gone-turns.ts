import type { RecordedEvent, TurnId } from '@baton/protocol';

/** Turns in a row, at the end of the conversation or before the running turn, that the agent does not have any more. */
export interface GoneTurns {
  /** The turn before them; absent: they are the first. */
  turnId?: TurnId;
  /** The seq of the last event before them. */
  after: number;
  /** The turn that runs after them, and the seq of its start. */
  before?: { turnId: TurnId; seq: number };
}

/** Turns at the end of the conversation that its agent has and the log does not. */
export interface AddedTurns {
  /** At least so many. */
  count: number;
  /** The notices since the last turn that both have. */
  notices: ReadonlySet<string>;
}

/**
 * Looks in a conversation for what its agent does not have any more, which knows its turns by their points. A turn without a
 * point is gone when one before it is. What came before a turn that the agent still has is not looked at.
 */
export class GoneTurnsSearch {
  readonly #points: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #notices = new Set<string>();
  /** Turns that ended and have no point: which of the agent's they are, if any, nobody knows. */
  #unnamed = 0;
  /** How many of the agent's turns came after the last that both have; undefined: they have none in common. */
  #newer: number | undefined;
  #ended: TurnId | undefined;
  #running: { turnId: TurnId; seq: number } | undefined;
  /** The first of those found so far, and the event before it. */
  #first: { turnId: TurnId; after: number } | undefined;
  #last: { turnId: TurnId; seq: number } | undefined;

  constructor(points: Iterable<string>) {
    this.#points = [...points];
    this.#known = new Set(this.#points);
  }

  /** Takes the events of the conversation from the last to the first. False: what came before makes no difference. */
  take({ event, seq }: RecordedEvent): boolean {
    if (event.type === 'turn.started') this.#takeStart(event.turnId, seq);
    if (event.type === 'notice.raised') this.#notices.add(event.text);
    if (event.type !== 'turn.ended') return true;
    const { turnId, point } = event;
    this.#ended = turnId;
    this.#last ??= { turnId, seq };
    if (point === undefined) this.#unnamed += 1;
    if (point === undefined) return true;
    if (this.#known.has(point)) {
      this.#newer = this.#points.indexOf(point);
      return false;
    }
    this.#first = { turnId, after: seq - 1 };
    this.#last = undefined;
    return true;
  }

  get found(): GoneTurns | undefined {
    if (this.#first === undefined) return undefined;
    const before = this.#running === undefined ? {} : { before: this.#running };
    if (this.#last === undefined) return { after: this.#first.after, ...before };
    return { turnId: this.#last.turnId, after: this.#last.seq, ...before };
  }

  get added(): AddedTurns {
    const own = this.#unnamed + (this.#running === undefined ? 0 : 1);
    return { count: Math.max(0, (this.#newer ?? 0) - own), notices: this.#notices };
  }

  // A turn whose end did not come before runs.
  #takeStart(turnId: TurnId, seq: number): void {
    if (this.#first?.turnId === turnId) this.#first = { turnId, after: seq - 1 };
    if (this.#ended !== turnId) this.#running = { turnId, seq };
  }
}
