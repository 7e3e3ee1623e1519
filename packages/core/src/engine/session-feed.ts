import type { DeltaFrame, EventFrame, RecordedEvent, SessionId } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import type { EventStore } from '../ports/event-store.ts';
import type { Drafts } from './drafts.ts';
import type { FrameSink, SessionFrame, Subscription } from './engine.ts';
import { FeedReader } from './feed-reader.ts';
import { weigh } from './weigh.ts';

const PAGE = 500;
const RECENT = 512;
/** Of those, so many characters at most. */
const RECENT_WEIGHT = 8 * 1024 * 1024;

export interface SessionFeed {
  /** Gives what is durable to every live consumer. Must be called in the order of the log. */
  publish(recorded: readonly RecordedEvent[]): void;
  publishDelta(delta: Omit<DeltaFrame, 'type' | 'sessionId'>): void;
  subscribe(after: number, sink: FrameSink<SessionFrame>): Subscription;
  /** Tells every consumer, and whoever comes later, that the session is gone. */
  end(frame: SessionFrame): void;
  readonly size: number;
  /** Since when nobody subscribes, in milliseconds since the epoch; undefined while somebody does. */
  readonly unwatchedSince: number | undefined;
  readonly deltasSent: number;
}

export interface SessionFeedOptions {
  sessionId: SessionId;
  store: EventStore;
  clock: Clock;
  drafts: Drafts;
  seq: number;
  onFault(error: unknown): void;
}

/**
 * Fan-out of one session. A slow consumer costs nothing but its own reads, and misses nothing durable; what was published
 * last is kept, so that one who falls behind a little does not read the store.
 */
export function createSessionFeed(options: SessionFeedOptions): SessionFeed {
  return new Fanout(options);
}

class Fanout implements SessionFeed {
  readonly #options: SessionFeedOptions;
  readonly #readers = new Set<FeedReader>();
  readonly #recent: EventFrame[] = [];
  #recentWeight = 0;
  #published: number;
  #deltasSent = 0;
  #ended: SessionFrame | undefined;
  #emptySince: number;

  constructor(options: SessionFeedOptions) {
    this.#options = options;
    this.#published = options.seq;
    this.#emptySince = options.clock.now();
  }

  get size(): number {
    return this.#readers.size;
  }

  get unwatchedSince(): number | undefined {
    return this.size === 0 ? this.#emptySince : undefined;
  }

  get deltasSent(): number {
    return this.#deltasSent;
  }

  publish(recorded: readonly RecordedEvent[]): void {
    for (const each of recorded) {
      const frame: EventFrame = { type: 'event', ...each };
      this.#published = each.seq;
      this.#recent.push(frame);
      this.#recentWeight += weigh(frame.event);
      for (const reader of this.#readers) reader.take(frame);
    }
    this.#forgetOld();
  }

  publishDelta(delta: Omit<DeltaFrame, 'type' | 'sessionId'>): void {
    if (this.#readers.size === 0) return;
    const frame: DeltaFrame = { type: 'delta', sessionId: this.#options.sessionId, ...delta };
    for (const reader of this.#readers) if (reader.take(frame)) this.#deltasSent += 1;
  }

  subscribe(after: number, sink: FrameSink<SessionFrame>): Subscription {
    const refusal = this.#ended ?? this.#refuse(after);
    if (refusal !== undefined) {
      sink.send(refusal);
      return { drained() {}, close() {} };
    }
    const { sessionId, drafts, onFault } = this.#options;
    const reader = new FeedReader({
      sessionId,
      sink,
      after,
      drafts,
      onFault,
      lastSeq: () => this.#published,
      readPage: (from) => this.#readPage(from),
      onClose: (each) => {
        if (this.#readers.delete(each)) this.#emptySince = this.#options.clock.now();
      },
    });
    this.#readers.add(reader);
    reader.start();
    return { drained: () => reader.drained(), close: () => reader.close() };
  }

  end(frame: SessionFrame): void {
    this.#ended = frame;
    for (const reader of this.#readers) reader.end(frame);
  }

  #refuse(after: number): SessionFrame | undefined {
    if (after <= this.#published) return undefined;
    const reason = `The log ends at ${this.#published}; it was replaced since you read ${after}`;
    return { type: 'reset', sessionId: this.#options.sessionId, reason };
  }

  // Many at a time, so that it costs little; by weight as soon as there is too much.
  #forgetOld(): void {
    const isMany = this.#recent.length > 2 * RECENT;
    if (!isMany && this.#recentWeight <= RECENT_WEIGHT) return;
    let gone = isMany ? this.#recent.length - RECENT : 0;
    let weight = this.#recent.slice(gone).reduce((sum, { event }) => sum + weigh(event), 0);
    for (; weight > RECENT_WEIGHT && gone < this.#recent.length; gone += 1) weight -= weigh(this.#recent[gone]?.event);
    this.#recent.splice(0, gone);
    this.#recentWeight = weight;
  }

  async #readPage(after: number): Promise<EventFrame[]> {
    const first = this.#recent[0];
    if (first !== undefined && first.seq <= after + 1) return this.#recent.slice(after + 1 - first.seq);
    const events = await this.#options.store.readEvents(this.#options.sessionId, { after, limit: PAGE });
    return events.map((each) => ({ type: 'event', ...each }));
  }
}
