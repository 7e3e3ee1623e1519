import { setImmediate } from 'node:timers/promises';
import type { Clock, StoredSession, StoredSessionRef, StoredSessions } from '@baton/core';
import { type FoundSession, type HistoryStatus, sessionIdSchema } from '@baton/protocol';
import type { ConversationIndex } from './conversation-index.ts';
import { toFoundId, toView } from './found-view.ts';
import type { OwnChange, ReadPlace, Suspect } from './history-calls.ts';
import { toPassage } from './to-passages.ts';

/** Where one kind of agent stores its conversations. */
export interface Source {
  backend: string;
  stored: StoredSessions;
}

export interface FollowStoredOptions {
  index: ConversationIndex;
  sources: readonly Source[];
  clock: Clock;
  /** Conversations that may have ended an earlier reader: each is read alone and last; after a second time not at all. */
  suspects: readonly Suspect[];
  /** Those of own sessions, whatever changed in them. */
  onOwnChanged(change: OwnChange): void;
  onFault(error: unknown): void;
  onReading(place: ReadPlace): void;
  onRead(place: ReadPlace): void;
  /** A look is over. */
  onLooked?(): void;
}

/** Keeps the index beside what the agents store, in the background. */
export interface StoredFollower {
  /** Looks for what is new, now and whenever an agent writes. What runs already is not begun twice. */
  follow(): void;
  /** `isNew`: those of the waiting ones that the index does not know. */
  status(): Pick<HistoryStatus, 'state' | 'waiting' | 'notRead'> & { isNew: number };
  stop(): Promise<void>;
}

/** Agents write while they work; one look serves all that was written in this time. */
const SETTLE_MS = 2000;
/** Conversations read side by side: while one waits for the disk another is parsed. */
const WIDTH = 3;
/** When the index could not be written, or an agent's conversations not be listed, there is another look. */
const RETRY_MS = 60_000;
/** A conversation that was being read when the reader ended this often is what ended it. */
const MAX_STRIKES = 2;

interface Waiting extends StoredSessionRef {
  source: Source;
  isNew: boolean;
}

export function followStored(options: FollowStoredOptions): StoredFollower {
  return new Follower(options);
}

class Follower implements StoredFollower {
  readonly #options: FollowStoredOptions;
  readonly #strikes: ReadonlyMap<string, number>;
  #unwatch: (() => void)[] | undefined;
  #state: HistoryStatus['state'] = 'scanning';
  readonly #waiting = new Set<Waiting>();
  #running: Promise<void> | undefined;
  #isAskedAgain = false;
  #hasFailed = false;
  /** Why sources could not be listed, at the last look. */
  readonly #notRead = new Map<string, string>();
  #cancelLook: (() => void) | undefined;
  #stopped = false;

  constructor(options: FollowStoredOptions) {
    this.#options = options;
    this.#strikes = new Map(options.suspects.map((each) => [toKey(each), each.times]));
  }

  follow(): void {
    if (this.#stopped || this.#unwatch !== undefined) return;
    this.#unwatch = this.#options.sources.flatMap(({ stored }) => {
      return stored.watch?.(() => this.#schedule(SETTLE_MS)) ?? [];
    });
    this.#look();
  }

  status() {
    const isNew = [...this.#waiting].filter((each) => each.isNew).length;
    const notRead = [...this.#notRead].map(([backend, reason]) => ({ backend, reason }));
    return { state: this.#state, waiting: this.#waiting.size, isNew, ...(notRead.length === 0 ? {} : { notRead }) };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook?.();
    for (const end of this.#unwatch ?? []) end();
    await this.#running;
  }

  #schedule(afterMs: number): void {
    if (this.#stopped || this.#cancelLook !== undefined) return;
    this.#cancelLook = this.#options.clock.after(afterMs, () => {
      this.#cancelLook = undefined;
      this.#look();
    });
  }

  // What is asked for while it looks is one more look after it.
  #look(): void {
    this.#isAskedAgain = true;
    this.#running ??= this.#lookAgain().finally(() => {
      this.#running = undefined;
    });
  }

  async #lookAgain(): Promise<void> {
    while (this.#isAskedAgain && !this.#stopped) {
      this.#isAskedAgain = false;
      await this.#run();
    }
  }

  async #run(): Promise<void> {
    const { index, sources } = this.#options;
    this.#state = 'scanning';
    for (const source of sources) await this.#tryToScan(source);
    this.#state = 'indexing';
    // Popped from the end: the newest first.
    const order = [...this.#waiting].toSorted((left, right) => left.changedAt - right.changedAt);
    const innocent = order.filter((each) => this.#countStrikes(each) === 0);
    await Promise.all(Array.from({ length: WIDTH }, () => this.#readAll(innocent)));
    await this.#readAll(order.filter((each) => this.#countStrikes(each) > 0));
    await this.#write(() => index.commit());
    this.#waiting.clear();
    this.#state = 'ready';
    this.#options.onLooked?.();
    if (this.#hasFailed) this.#schedule(RETRY_MS);
    this.#hasFailed = false;
  }

  async #write(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      this.#hasFailed = true;
      this.#options.onFault(cause);
    }
  }

  #countStrikes(waiting: Waiting): number {
    return this.#strikes.get(toKey(toPlace(waiting))) ?? 0;
  }

  async #readAll(order: Waiting[]): Promise<void> {
    for (let next = order.pop(); next !== undefined && !this.#stopped; next = order.pop()) {
      const each = next;
      await this.#write(() => this.#readOne(each));
      this.#waiting.delete(each);
      await setImmediate();
    }
  }

  // A source that cannot be listed leaves what is known of it. That is told once, until there is something else to tell.
  async #tryToScan(source: Source): Promise<void> {
    const { backend } = source;
    try {
      await this.#scan(source);
      this.#notRead.delete(backend);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (this.#notRead.get(backend) !== reason) this.#options.onFault(cause);
      this.#notRead.set(backend, reason);
      this.#hasFailed = true;
    }
  }

  async #scan(source: Source): Promise<void> {
    const { index } = this.#options;
    const known = index.listVersions(source.backend);
    for await (const ref of source.stored.list()) {
      if (this.#stopped) return;
      const version = known.get(ref.ref);
      if (version !== ref.version) this.#waiting.add({ ...ref, source, isNew: version === undefined });
      known.delete(ref.ref);
    }
    await this.#write(() => index.forgetStored(source.backend, [...known.keys()]));
  }

  async #readOne(waiting: Waiting): Promise<void> {
    const { source, ref, version } = waiting;
    const { index, onReading, onRead } = this.#options;
    const place = { id: toFoundId(source.backend, ref), backend: source.backend, ref };
    if (this.#countStrikes(waiting) >= MAX_STRIKES) {
      index.keepStored(place, { isUnreadable: true, version });
      return;
    }
    onReading(toPlace(waiting));
    const read = await source.stored.read(ref).then(
      (session) => ({ session }),
      () => undefined,
    );
    onRead(toPlace(waiting));
    // One that cannot be read is tried again when it changes.
    const passages = (read?.session?.events ?? []).map(toPassage).filter((each) => each !== undefined);
    const view = toView(source.backend, read?.session);
    let done = index.keepStored(place, { view, isUnreadable: read === undefined, passages, version });
    this.#tellOwner(place, read?.session);
    if (done === passages.length) return;
    waiting.isNew = false;
    while (done < passages.length) {
      await setImmediate();
      done = index.addPassages(place.id, passages, done);
    }
    index.finishStored(place.id, version);
  }

  #tellOwner({ id, backend }: { id: FoundSession['id']; backend: string }, session: StoredSession | undefined): void {
    const { index, onOwnChanged } = this.#options;
    const last = session?.events.findLast(({ event }) => event.type === 'turn.started');
    if (session === undefined || last === undefined) return;
    const { nativeId } = session;
    const own = sessionIdSchema.safeParse(index.findOwn({ nativeId, backend }));
    if (!own.success) return;
    const end = session.events.findLast(({ event }) => event.type === 'turn.ended')?.event;
    const point = end?.type === 'turn.ended' ? end.point : undefined;
    onOwnChanged({ sessionId: own.data, nativeId, id, lastTurnAt: last.at, lastAt: session.updatedAt, point });
  }
}

function toPlace({ source, ref, version }: Waiting): ReadPlace {
  return { backend: source.backend, ref, version };
}

function toKey({ backend, ref, version }: ReadPlace): string {
  return `${backend}\n${ref}\n${version}`;
}
