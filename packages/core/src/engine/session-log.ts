import { type CommandId, invariant, type RecordedEvent, type SessionEvent, type SessionId } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import type { EventStore, RunMark } from '../ports/event-store.ts';
import { toListedView, toSessionView } from '../projection/session-view.ts';
import { evolve } from '../session/evolve.ts';
import { type AddedTurns, type GoneTurns, GoneTurnsSearch } from '../session/gone-turns.ts';
import { noSession, type OpenSession, type SessionState } from '../session/state.ts';
import { createDrafts } from './drafts.ts';
import type { Receipt } from './engine.ts';

const PAGE = 2000;
/** For what is nearly always found at the end. */
const SHORT_PAGE = 200;

/** Events as they would be in the log, and the state they would lead to. */
export interface Plan {
  next: SessionState;
  recorded: readonly RecordedEvent[];
}

/** One event that is in the log now, with the states around it. */
export interface Step {
  before: SessionState;
  recorded: RecordedEvent;
  after: OpenSession;
}

/** A receipt as the store keeps it: beside it, what the command said (see `toCommandDigest`); absent for one without a desk. */
export type StoredReceipt = Receipt & { digest?: string };

export interface AppendExtras {
  receipt?: { commandId: CommandId; receipt: StoredReceipt };
  env?: Record<string, string> | undefined;
  mark?: RunMark | undefined;
}

/** One session as its log tells it: the fold, the text so far of its open items, and the only place that appends to it. */
export class SessionLog {
  readonly #options: { sessionId: SessionId; store: EventStore; clock: Clock };
  readonly drafts = createDrafts();
  #state: SessionState = noSession;
  #seq = 0;

  constructor(options: { sessionId: SessionId; store: EventStore; clock: Clock }) {
    this.#options = options;
  }

  get state(): SessionState {
    return this.#state;
  }

  get seq(): number {
    return this.#seq;
  }

  get now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }

  requireOpen(): OpenSession {
    invariant(this.#state.status === 'open', `session "${this.#options.sessionId}" exists`);
    return this.#state;
  }

  async load(): Promise<void> {
    for await (const recorded of this.#read()) this.#fold(recorded);
    this.drafts.restore(await this.#options.store.readDrafts(this.#options.sessionId));
  }

  /** The log so far without what was taken back. */
  async *history(): AsyncGenerator<RecordedEvent> {
    for await (const recorded of this.#read()) if (!this.#isGone(recorded)) yield recorded;
  }

  /** What of the conversation an agent that has these points, the newest first, does not have any more, and what it has besides. */
  async findGone(points: readonly string[]): Promise<{ gone: GoneTurns | undefined; added: AddedTurns }> {
    const search = new GoneTurnsSearch(points);
    for await (const recorded of this.#readBackwards()) if (!this.#isGone(recorded) && !search.take(recorded)) break;
    return { gone: search.found, added: search.added };
  }

  /** The log once more from its beginning, with the states between. */
  async *replay(): AsyncGenerator<Step> {
    let before = noSession;
    for await (const recorded of this.#read()) {
      const after = evolve(before, recorded);
      invariant(after.status === 'open', 'a log begins with its session');
      yield { before, recorded, after };
      before = after;
    }
  }

  async *#read(from = 0, until = Infinity): AsyncGenerator<RecordedEvent> {
    const { store, sessionId } = this.#options;
    for (let after = from; after < until; ) {
      const page = await store.readEvents(sessionId, { after, limit: Math.min(PAGE, until - after) });
      yield* page;
      if (page.length === 0) return;
      after += page.length;
    }
  }

  async *#readBackwards(): AsyncGenerator<RecordedEvent> {
    for (let end = this.#seq; end > 0; end -= SHORT_PAGE) {
      const stretch: RecordedEvent[] = [];
      for await (const recorded of this.#read(Math.max(0, end - SHORT_PAGE), end)) stretch.push(recorded);
      yield* stretch.toReversed();
    }
  }

  #isGone({ seq }: RecordedEvent): boolean {
    return this.requireOpen().takenBack.some(({ after, until }) => seq > after && seq <= until);
  }

  /** Pure: changes nothing until it is appended. */
  plan(events: readonly SessionEvent[], from: SessionState = this.#state, times: readonly string[] = []): Plan {
    const { sessionId } = this.#options;
    const { now } = this;
    let next = from;
    let seq = from.status === 'open' ? from.seq : 0;
    const recorded = events.map((event, index): RecordedEvent => {
      seq += 1;
      const each = { sessionId, seq, at: times[index] ?? now, event };
      next = evolve(next, each);
      return each;
    });
    return { next, recorded };
  }

  /** All or nothing. A plan must have been made on the state as it is. */
  async append({ next, recorded }: Plan, { receipt, env, mark }: AppendExtras = {}): Promise<Step[]> {
    invariant(next.status === 'open', 'an append leaves a session behind');
    if (recorded.length === 0 && receipt === undefined) return [];
    const { store, sessionId } = this.#options;
    await store.append({
      sessionId,
      expectedSeq: this.#seq,
      at: recorded[0]?.at ?? this.now,
      events: recorded.map((each) => each.event),
      ...(hasOneTime(recorded) ? {} : { times: recorded.map((each) => each.at) }),
      view: toListedView(toSessionView(next)),
      ...(receipt === undefined ? {} : { receipt }),
      ...(env === undefined ? {} : { env }),
      ...(mark === undefined ? {} : { mark }),
    });
    return recorded.map((each): Step => {
      const before = this.#state;
      this.#fold(each);
      return { before, recorded: each, after: this.requireOpen() };
    });
  }

  #fold(recorded: RecordedEvent): void {
    this.#state = evolve(this.#state, recorded);
    this.#seq = recorded.seq;
    this.drafts.apply(recorded.event);
  }
}

function hasOneTime(recorded: readonly RecordedEvent[]): boolean {
  return recorded.every((each) => each.at === recorded[0]?.at);
}
