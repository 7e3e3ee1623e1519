import type { DeltaFrame, EventFrame, SessionId } from '@baton/protocol';
import { AppError, toProblem } from '@baton/protocol';
import type { Drafts } from './drafts.ts';
import type { FrameSink, SessionFrame } from './engine.ts';

export interface FeedReaderOptions {
  sessionId: SessionId;
  sink: FrameSink<SessionFrame>;
  /** Seq of the last event this consumer has. */
  after: number;
  drafts: Drafts;
  /** Seq of the last event that was published. */
  lastSeq(): number;
  readPage(after: number): Promise<EventFrame[]>;
  /** The reader will never send again. */
  onClose(reader: FeedReader): void;
  onFault(error: unknown): void;
}

/**
 * One consumer of one session. It reads the log up to its end, then is live; without room it sends nothing until it is
 * drained, and then reads on where it stopped. Events reach it in order and once, whatever it does in between.
 */
export class FeedReader {
  readonly #options: FeedReaderOptions;
  #state: 'reading' | 'live' | 'full' | 'closed' = 'reading';
  #seq: number;
  #caughtUp = false;
  /** Per item and field, how much of an open item's text this consumer has; kept while it is not live. */
  #sent = new Map<string, number>();

  constructor(options: FeedReaderOptions) {
    this.#options = options;
    this.#seq = options.after;
  }

  start(): void {
    void this.#read();
  }

  /** Takes what was just published; answers whether it was sent. */
  take(frame: EventFrame | DeltaFrame): boolean {
    if (this.#state !== 'live') return false;
    if (frame.type === 'event') this.#seq = frame.seq;
    if (!this.#send(frame)) this.#noteSent();
    return true;
  }

  drained(): void {
    if (this.#state !== 'full') return;
    this.#state = 'reading';
    void this.#read();
  }

  close(): void {
    this.#state = 'closed';
    this.#options.onClose(this);
  }

  /** The last frame, room or not: nothing will ever follow it. */
  end(frame: SessionFrame): void {
    if (this.#state === 'closed') return;
    this.#send(frame);
    this.close();
  }

  // A consumer that throws is let go, so that it cannot hurt the session or its neighbours.
  #send(frame: SessionFrame): boolean {
    let room = false;
    try {
      room = this.#options.sink.send(frame);
    } catch (error) {
      this.#options.onFault(error);
      this.close();
    }
    if (!room && this.#state !== 'closed') this.#state = 'full';
    return room;
  }

  #noteSent(): void {
    const drafts = this.#options.drafts.all();
    this.#sent = new Map(drafts.map(({ itemId, field, text }) => [`${itemId} ${field}`, text.length]));
  }

  get #isReading(): boolean {
    return this.#state === 'reading';
  }

  async #read(): Promise<void> {
    try {
      while (this.#isReading && this.#seq < this.#options.lastSeq()) {
        const page = await this.#options.readPage(this.#seq);
        if (page.length === 0) break;
        for (const frame of page) {
          if (!this.#isReading) return;
          this.#seq = frame.seq;
          this.#send(frame);
        }
      }
      this.#goLive();
    } catch (error) {
      this.#options.onFault(error);
      this.end({ type: 'error', sessionId: this.#options.sessionId, error: toProblem(this.#toReadFault(error)) });
    }
  }

  #toReadFault(cause: unknown): AppError {
    const message = `Cannot read session "${this.#options.sessionId}": subscribe again`;
    return new AppError('store-unavailable', message, {}, { cause });
  }

  // No await between the last event and this: what is published next reaches the consumer live.
  #goLive(): void {
    const { sessionId, drafts } = this.#options;
    if (this.#isReading && !this.#caughtUp) {
      this.#caughtUp = true;
      this.#send({ type: 'caught-up', sessionId, seq: this.#seq });
    }
    for (const { itemId, field, text } of drafts.all()) {
      if (!this.#isReading) return;
      const key = `${itemId} ${field}`;
      const offset = this.#sent.get(key) ?? 0;
      if (text.length <= offset) continue;
      this.#sent.set(key, text.length);
      this.#send({ type: 'delta', sessionId, itemId, field, offset, text: text.slice(offset) });
    }
    if (this.#isReading) this.#state = 'live';
  }
}
