import { setImmediate } from 'node:timers/promises';
import type { Clock, Engine } from '@baton/core';
import type { RecordedEvent, SessionId, SessionView } from '@baton/protocol';
import type { ConversationIndex } from './conversation-index.ts';
import { toPassage } from './to-passages.ts';

/** A streaming session changes often; its words need not be found at once. */
const SETTLE_MS = 300;
const PAGE = 500;

export interface FollowOwnOptions {
  index: ConversationIndex;
  engine: Engine;
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
  readonly #endings: (() => void)[];
  #cancel: (() => void) | undefined;
  #working: Promise<void> = Promise.resolve();
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
    const gone = new Set(index.listOwn());
    for (const archived of [false, true]) {
      let cursor: string | undefined;
      do {
        const page = await engine.listSessions({ archived, limit: 200, cursor });
        for (const view of page.items) {
          gone.delete(view.id);
          if (view.seq > index.readSeq(view.id)) this.#changed.set(view.id, view);
        }
        cursor = page.cursor;
        await this.settled();
      } while (cursor !== undefined && !this.#stopped);
    }
    if (!this.#stopped) for (const id of gone) index.forgetOwn(id);
  }

  settled(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#working = this.#working.then(async () => {
      const views = [...this.#changed.values()];
      this.#changed.clear();
      for (const view of views) await this.#read(view).catch(this.#options.onFault);
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
    this.#cancel ??= this.#options.clock.after(SETTLE_MS, () => void this.settled());
  }

  #forget(sessionId: SessionId): void {
    const { index, onFault } = this.#options;
    this.#changed.delete(sessionId);
    this.#working = this.#working.then(() => index.forgetOwn(sessionId)).catch(onFault);
  }

  async #read({ id, backend }: SessionView): Promise<void> {
    const { index, engine } = this.#options;
    let after = index.readSeq(id);
    while (!this.#stopped) {
      const { events } = await engine.readEvents(id, { after, limit: PAGE });
      const [first] = events;
      const last = events.at(-1);
      if (first === undefined || last === undefined) return;
      const inherited = first.event.type === 'session.created' ? toInherited(first.event) : 0;
      const passages = events.flatMap((recorded) => (recorded.seq <= inherited ? [] : (toPassage(recorded) ?? [])));
      index.addOwn({ id, backend }, { seq: last.seq, passages, nativeIds: toNativeIds(events) });
      after = last.seq;
      if (events.length < PAGE) return;
      await setImmediate();
    }
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
