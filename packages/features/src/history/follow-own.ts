import type { Clock, Engine } from '@baton/core';
import { isAppError, type RecordedEvent, type SessionId, type SessionView, type TurnId } from '@baton/protocol';
import type { HistoryCalls } from './history-calls.ts';
import { toPassage } from './to-passages.ts';

/** A streaming session changes often; its words need not be found at once. */
const SETTLE_MS = 300;
const PAGE = 500;

export interface FollowOwnOptions {
  index: Pick<HistoryCalls, 'listOwn' | 'readSeq' | 'addOwn' | 'forgetOwn' | 'commit'>;
  engine: Pick<Engine, 'listSessions' | 'onDeleted' | 'onRecorded' | 'readEvents'>;
  clock: Clock;
  onFault(error: unknown): void;
}

/** Keeps the index beside Baton's own sessions: what is not in it yet is read from the log. */
export interface OwnFollower {
  /** Reads what happened while nobody followed. */
  catchUp(): Promise<void>;
  /** Resolves when all that was recorded so far is in the index. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export function followOwn(options: FollowOwnOptions): OwnFollower {
  return new Follower(options);
}

class Follower implements OwnFollower {
  readonly #options: FollowOwnOptions;
  readonly #changed = new Map<SessionId, SessionView>();
  /** What was taken back into the queue, and starts a second time with the same words. */
  readonly #requeued = new Set<TurnId>();
  readonly #endings: (() => void)[];
  #cancel: (() => void) | undefined;
  #working: Promise<void> = Promise.resolve();
  #isFollowing = false;
  #stopped = false;

  constructor(options: FollowOwnOptions) {
    const { engine } = options;
    this.#options = options;
    this.#endings = [
      engine.onRecorded((_, view) => this.#schedule(view)),
      engine.onDeleted((sessionId) => this.#forget(sessionId)),
    ];
  }

  async catchUp(): Promise<void> {
    const { index, engine } = this.#options;
    this.#isFollowing = true;
    const known = await index.listOwn();
    const gone = new Set(known.keys());
    for (const archived of [false, true]) {
      let cursor: string | undefined;
      do {
        const page = await engine.listSessions({ archived, limit: 200, cursor });
        for (const view of page.items) {
          gone.delete(view.id);
          if (view.seq > (known.get(view.id) ?? 0)) this.#changed.set(view.id, view);
        }
        cursor = page.cursor;
        await this.settled();
      } while (cursor !== undefined && !this.#stopped);
    }
    if (this.#stopped || gone.size === 0) return;
    await index.forgetOwn([...gone]);
    await index.commit();
  }

  settled(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#working = this.#working.then(async () => {
      const views = [...this.#changed.values()];
      this.#changed.clear();
      for (const view of views) await this.#read(view).catch((cause: unknown) => this.#onFault(cause));
      if (views.length > 0) await this.#options.index.commit().catch((cause: unknown) => this.#onFault(cause));
    });
    return this.#working;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const end of this.#endings) end();
    this.#cancel?.();
    await this.#working;
  }

  #schedule(view: SessionView): void {
    if (this.#stopped) return;
    this.#changed.set(view.id, view);
    // Just after the start there is more important work; the look that comes then takes these along.
    if (!this.#isFollowing) return;
    this.#cancel ??= this.#options.clock.after(SETTLE_MS, () => void this.settled());
  }

  #forget(sessionId: SessionId): void {
    const { index } = this.#options;
    this.#changed.delete(sessionId);
    this.#working = this.#working
      .then(() => index.forgetOwn([sessionId]))
      .then(() => index.commit())
      .catch((cause: unknown) => this.#onFault(cause));
  }

  // While the index is away, which it says by itself, nothing is lost: all is caught up with when it is back.
  #onFault(cause: unknown): void {
    if (!isAppError(cause) || cause.kind !== 'store-unavailable') this.#options.onFault(cause);
  }

  async #read({ id, backend }: SessionView): Promise<void> {
    const { index, engine } = this.#options;
    let after = await index.readSeq(id);
    while (!this.#stopped) {
      const { events } = await engine.readEvents(id, { after, limit: PAGE });
      const [first] = events;
      const last = events.at(-1);
      if (first === undefined || last === undefined) return;
      const inherited = first.event.type === 'session.created' ? toInherited(first.event) : 0;
      const passages = events.flatMap((recorded) =>
        recorded.seq <= inherited || this.#isRepeated(recorded) ? [] : (toPassage(recorded) ?? []),
      );
      await index.addOwn({ id, backend, seq: last.seq, passages, nativeIds: toNativeIds(events) });
      after = last.seq;
    }
  }

  #isRepeated({ event }: RecordedEvent): boolean {
    if (event.type === 'turn.requeued') this.#requeued.add(event.turnId);
    return event.type === 'turn.started' && this.#requeued.delete(event.turnId);
  }
}

// What a fork shares is found in the session it was said in.
function toInherited({ parent, inherited = 0 }: { parent?: unknown; inherited?: number | undefined }): number {
  return parent === undefined ? 0 : inherited + 1;
}

// An agent that is started anew at an earlier turn gets a new conversation; the one it leaves stays in its store.
function toNativeIds(events: readonly RecordedEvent[]): string[] {
  const named = events.flatMap(({ event }) => ('nativeId' in event ? (event.nativeId ?? []) : []));
  return [...new Set(named)];
}
