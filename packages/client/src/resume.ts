import type { DeltaFrame, DownFrame, Problem, RecordedEvent, SessionId, UpFrameInput } from '@baton/protocol';

/** Who follows a session. Events come in order, without gap or repeat, whatever happened to the line. */
export interface Follower {
  event(event: RecordedEvent): void;
  delta(delta: DeltaFrame): void;
  /** All there is was told; told again after every reconnect. */
  caughtUp(seq: number): void;
  /** The log was replaced: forget everything, it is told anew from 1. */
  reset(reason: string): void;
  /** The server cannot serve this session, most often `not-found`. The subscription is over. */
  refused(problem: Problem): void;
}

export interface Followed {
  /** What was told does not fit together: read on from the last good event again. A server that goes on so is given up. */
  resync(): void;
  /** Asks for the text so far of open items once more. */
  refresh(): void;
  stop(): void;
}

export interface Resume {
  follow(options: { sessionId: SessionId; after: number; follower: Follower }): Followed;
  /** A connection stands: subscribe to everything from where it stopped. */
  online(): void;
  received(frame: DownFrame): void;
}

export interface ResumeOptions {
  send: (frame: UpFrameInput) => boolean;
  /** Resubscribing did not help: the connection itself is broken. */
  fail: (reason: string) => void;
}

// A gap on one connection cannot happen with a sane server; asking again this often and no more keeps it from a hot loop.
const MOST_RESYNCS = 3;

/** Keeps one subscription per session and resumes it by seq. */
export function createResume(options: ResumeOptions): Resume {
  const lines = new Map<SessionId, SessionLine>();
  return {
    follow({ sessionId, after, follower }) {
      const line = new SessionLine({ sessionId, follower, last: after }, options);
      lines.set(sessionId, line);
      line.subscribe();
      return {
        resync: () => line.resync(),
        refresh: () => line.refresh(),
        stop() {
          if (lines.get(sessionId) !== line) return;
          lines.delete(sessionId);
          options.send({ type: 'unsubscribe', sessionId });
        },
      };
    },
    online() {
      for (const line of lines.values()) line.subscribe();
    },
    received(frame) {
      if (!('sessionId' in frame) || frame.sessionId === undefined) return;
      // An error ends the subscription on the server's side too.
      const line = lines.get(frame.sessionId);
      if (frame.type === 'error') lines.delete(frame.sessionId);
      line?.receive(frame);
    },
  };
}

type LineFrame = Extract<DownFrame, { sessionId?: SessionId | undefined }>;

/** The subscription to one session. */
class SessionLine {
  readonly #sessionId: SessionId;
  readonly #follower: Follower;
  readonly #options: ResumeOptions;
  #last: number;
  /** Waiting for the event after the last good one; everything else is from the subscription before. */
  #resyncing = false;
  #resyncs = 0;

  constructor(at: { sessionId: SessionId; follower: Follower; last: number }, options: ResumeOptions) {
    this.#sessionId = at.sessionId;
    this.#follower = at.follower;
    this.#last = at.last;
    this.#options = options;
  }

  /** On a new connection. */
  subscribe(): void {
    this.#resyncing = false;
    this.#resyncs = 0;
    this.#ask();
  }

  resync(): void {
    this.#resyncs += 1;
    if (this.#resyncs > MOST_RESYNCS) {
      this.#options.fail(`The server left out events of session "${this.#sessionId}"`);
      return;
    }
    this.refresh();
  }

  refresh(): void {
    this.#resyncing = true;
    this.#options.send({ type: 'unsubscribe', sessionId: this.#sessionId });
    this.#ask();
  }

  receive(frame: LineFrame): void {
    switch (frame.type) {
      case 'event': {
        const { type: _, ...recorded } = frame;
        return this.#receiveEvent(recorded);
      }
      case 'delta':
        return this.#resyncing ? undefined : this.#follower.delta(frame);
      case 'caught-up':
        return this.#receiveCaughtUp(frame.seq);
      case 'reset':
        this.#last = 0;
        this.#follower.reset(frame.reason);
        this.#options.send({ type: 'unsubscribe', sessionId: this.#sessionId });
        return this.subscribe();
      case 'error':
        return this.#follower.refused(frame.error);
    }
  }

  #ask(): void {
    this.#options.send({ type: 'subscribe', sessionId: this.#sessionId, after: this.#last });
  }

  #receiveEvent(recorded: RecordedEvent): void {
    if (recorded.seq <= this.#last) return;
    if (recorded.seq > this.#last + 1) {
      if (!this.#resyncing) this.resync();
      return;
    }
    this.#last = recorded.seq;
    this.#resyncing = false;
    this.#resyncs = 0;
    this.#follower.event(recorded);
  }

  #receiveCaughtUp(seq: number): void {
    if (seq > this.#last) return this.resync();
    this.#resyncing = false;
    this.#follower.caughtUp(seq);
  }
}
