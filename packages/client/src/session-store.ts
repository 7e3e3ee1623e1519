import {
  isAppError,
  type DeltaFrame,
  type EventOf,
  type Problem,
  type RecordedEvent,
  type SessionId,
  type SessionView,
} from '@baton/protocol';
import { emptyTimeline, type Clock } from '@baton/core';
import type { Api } from './api.ts';
import type { OptimisticSteer, OptimisticTurn, ReadableStore, SessionSnapshot } from './client.ts';
import type { Followed, Resume } from './resume.ts';
import type { Scheduler } from './scheduler.ts';
import { SessionWindow } from './session-window.ts';
import { createStore } from './store.ts';

const PAGE = 1000;
const RETRY_MS = 1_000;

export interface SessionStoreOptions {
  sessionId: SessionId;
  resume: Pick<Resume, 'follow'>;
  api: Api;
  clock: Clock;
  scheduler: Scheduler;
  /** How many of the last events are loaded at first. */
  window: number;
  /** The turn is in the log now. */
  turnSeen: (turnId: OptimisticTurn['turnId']) => void;
  /** What was added to a turn is in the log now. */
  steerSeen: (event: EventOf<'turn.steered'>) => void;
  /** Everything up to now was seen. */
  caughtUp: () => void;
}

/** One session as it is shown: loads its last part, follows it, and tells at most once per frame. */
export interface SessionStore extends ReadableStore<SessionSnapshot> {
  online(): void;
  offline(): void;
  /** The list has a newer view of this session. */
  setView(view: SessionView): void;
  setOptimistic(typed: { turns: readonly OptimisticTurn[]; steers: readonly OptimisticSteer[] }): void;
  deleted(): void;
  loadOlder(): Promise<void>;
  close(): void;
}

export function createSessionStore(options: SessionStoreOptions): SessionStore {
  return new LiveSession(options);
}

type Arrived = { event: RecordedEvent } | { delta: DeltaFrame };

class LiveSession implements SessionStore {
  readonly #options: SessionStoreOptions;
  readonly #store = createStore<SessionSnapshot>({
    status: 'loading',
    timeline: emptyTimeline,
    optimistic: [],
    steering: [],
    hasOlder: false,
  });
  #window = new SessionWindow(0);
  #status: SessionSnapshot['status'] = 'loading';
  #optimistic: readonly OptimisticTurn[] = [];
  #steering: readonly OptimisticSteer[] = [];
  #arrived: Arrived[] = [];
  #scheduled = false;
  #followed: Followed | undefined;
  #starting = false;
  #loadingOlder: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
  }

  get(): SessionSnapshot {
    return this.#store.get();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  online(): void {
    if (this.#followed === undefined && this.#status !== 'gone') void this.#start();
  }

  offline(): void {
    if (this.#status === 'live') this.#setStatus('stale');
  }

  setView(view: SessionView): void {
    this.#window.setView(view);
    // It was asked for before the server had made it.
    if (this.#status === 'gone') {
      this.#setStatus('loading');
      void this.#start();
    }
    this.#schedule();
  }

  setOptimistic({ turns, steers }: Parameters<SessionStore['setOptimistic']>[0]): void {
    this.#optimistic = turns;
    this.#steering = steers;
    this.#publish();
  }

  deleted(): void {
    this.#followed?.stop();
    this.#followed = undefined;
    this.#setStatus('gone');
  }

  loadOlder(): Promise<void> {
    this.#loadingOlder ??= this.#readOlder().finally(() => {
      this.#loadingOlder = undefined;
    });
    return this.#loadingOlder;
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#followed?.stop();
    this.#followed = undefined;
  }

  async #start(): Promise<void> {
    if (this.#starting) return;
    this.#starting = true;
    const found = await this.#readView();
    this.#starting = false;
    if (this.#closed || this.#followed !== undefined) return;
    if (found === 'gone') return this.#setStatus('gone');
    const base = found === undefined ? 0 : Math.max(0, found.seq - this.#options.window);
    this.#window = new SessionWindow(base, found);
    this.#follow(base);
  }

  // Without a view the whole log is read instead: slower for a long session, and never wrong.
  async #readView(): Promise<SessionView | 'gone' | undefined> {
    try {
      return await this.#options.api.call('getSession', { params: { id: this.#options.sessionId } });
    } catch (error) {
      return isAppError(error) && error.kind === 'not-found' ? 'gone' : undefined;
    }
  }

  #follow(after: number): void {
    this.#followed = this.#options.resume.follow({
      sessionId: this.#options.sessionId,
      after,
      follower: {
        event: (event) => this.#arrive({ event }),
        delta: (delta) => this.#arrive({ delta }),
        caughtUp: () => this.#caughtUp(),
        reset: () => this.#reset(),
        refused: (problem) => this.#refused(problem),
      },
    });
  }

  #arrive(arrived: Arrived): void {
    this.#arrived.push(arrived);
    if ('event' in arrived) this.#noteTurn(arrived.event);
    this.#schedule();
  }

  #noteTurn({ event }: RecordedEvent): void {
    if (event.type === 'turn.started' || event.type === 'turn.queued') this.#options.turnSeen(event.turnId);
    if (event.type === 'turn.steered') this.#options.steerSeen(event);
  }

  #caughtUp(): void {
    this.#fold();
    this.#status = 'live';
    this.#options.caughtUp();
    this.#schedule();
  }

  #reset(): void {
    this.#arrived = [];
    this.#window = new SessionWindow(0);
    this.#setStatus('loading');
  }

  #refused(problem: Problem): void {
    this.#followed = undefined;
    if (problem.kind === 'not-found') return this.#setStatus('gone');
    if (this.#status === 'live') this.#setStatus('stale');
    this.#cancelRetry = this.#options.clock.after(RETRY_MS, () => void this.#start());
  }

  #setStatus(status: SessionSnapshot['status']): void {
    this.#status = status;
    this.#publish();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.scheduler(() => {
      this.#scheduled = false;
      if (this.#closed) return;
      this.#fold();
      // While a session loads for the first time its half-built conversation is not shown.
      if (this.#status !== 'loading') this.#publish();
    });
  }

  #fold(): void {
    const arrived = mergeDeltas(this.#arrived);
    this.#arrived = [];
    for (const each of arrived) {
      if ('event' in each) this.#window.addEvent(each.event);
      else if (!this.#window.addDelta(each.delta)) this.#followed?.resync();
    }
  }

  #publish(): void {
    const { view, timeline, base } = this.#window;
    const next: SessionSnapshot = {
      status: this.#status,
      timeline,
      optimistic: this.#optimistic,
      steering: this.#steering,
      hasOlder: base > 0,
      ...(view === undefined ? {} : { view }),
    };
    if (!isSame(next, this.#store.get())) this.#store.set(next);
  }

  async #readOlder(): Promise<void> {
    const window = this.#window;
    if (window.base === 0) return;
    const base = Math.max(0, window.base - PAGE);
    const older: RecordedEvent[] = [];
    for (let after = base; after < window.base; ) {
      const { events } = await this.#options.api.call('listEvents', {
        params: { id: this.#options.sessionId },
        query: { after, limit: window.base - after },
      });
      if (events.length === 0) break;
      for (const event of events) if (event.seq <= window.base) older.push(event);
      after = events.at(-1)?.seq ?? window.base;
    }
    if (this.#closed || this.#window !== window) return;
    this.#fold();
    if (window.prepend(older, base)) this.#followed?.refresh();
    this.#publish();
  }
}

function isSame(left: SessionSnapshot, right: SessionSnapshot): boolean {
  return (
    left.status === right.status &&
    left.view === right.view &&
    left.timeline === right.timeline &&
    left.optimistic === right.optimistic &&
    left.steering === right.steering &&
    left.hasOlder === right.hasOlder
  );
}

// Fifty small deltas of one frame become one, so that a fold costs the same however fast the agent writes.
function mergeDeltas(arrived: readonly Arrived[]): Arrived[] {
  const merged: Arrived[] = [];
  for (const each of arrived) {
    const last = merged.at(-1);
    if ('delta' in each && last !== undefined && 'delta' in last && continues(last.delta, each.delta)) {
      merged[merged.length - 1] = { delta: { ...last.delta, text: last.delta.text + each.delta.text } };
    } else merged.push(each);
  }
  return merged;
}

function continues(before: DeltaFrame, next: DeltaFrame): boolean {
  return (
    before.itemId === next.itemId && before.field === next.field && next.offset === before.offset + before.text.length
  );
}
