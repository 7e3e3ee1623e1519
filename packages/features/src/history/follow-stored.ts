import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock, StoredSession, StoredSessionRef, StoredSessions } from '@baton/core';
import { type FoundSession, foundSessionSchema, type HistoryStatus, toPlainText } from '@baton/protocol';
import type { ConversationIndex, ConversationView } from './conversation-index.ts';
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
  onFault(error: unknown): void;
}

/** Keeps the index beside what the agents store, in the background. */
export interface StoredFollower {
  /** Looks for what is new; resolves when all of it was read. Calls while it runs share one more look after it. */
  look(): Promise<void>;
  status(): Pick<HistoryStatus, 'state' | 'waiting'>;
  stop(): Promise<void>;
}

/** Agents write while they work; one look serves all that was written in this time. */
const SETTLE_MS = 2000;
/** Passages written in one go, so that nobody waits for a long conversation. */
const SLICE = 50;
/** Conversations read side by side: while one waits for the disk the other is written. */
const WIDTH = 2;
const TITLE_CHARS = 120;

interface Waiting extends StoredSessionRef {
  source: Source;
}

export function followStored(options: FollowStoredOptions): StoredFollower {
  return new Follower(options);
}

class Follower implements StoredFollower {
  readonly #options: FollowStoredOptions;
  readonly #unwatch: (() => void)[];
  #state: HistoryStatus['state'] = 'scanning';
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #again: Promise<void> | undefined;
  #cancelLook: (() => void) | undefined;
  #stopped = false;

  constructor(options: FollowStoredOptions) {
    this.#options = options;
    this.#unwatch = options.sources.flatMap(({ stored }) => stored.watch?.(() => this.#schedule()) ?? []);
  }

  look(): Promise<void> {
    if (this.#running === undefined) return this.#begin();
    this.#again ??= this.#running.then(() => {
      this.#again = undefined;
      return this.#begin();
    });
    return this.#again;
  }

  status() {
    return { state: this.#state, waiting: this.#waiting.length };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook?.();
    for (const end of this.#unwatch) end();
    await this.#again;
    await this.#running;
  }

  #schedule(): void {
    if (this.#stopped || this.#cancelLook !== undefined) return;
    this.#cancelLook = this.#options.clock.after(SETTLE_MS, () => {
      this.#cancelLook = undefined;
      void this.look();
    });
  }

  #begin(): Promise<void> {
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    if (this.#stopped) return;
    this.#state = 'scanning';
    for (const source of this.#options.sources) {
      // A source that cannot be listed leaves what is known of it.
      await this.#scan(source).catch(this.#options.onFault);
    }
    this.#waiting.sort((left, right) => left.changedAt - right.changedAt);
    this.#state = 'indexing';
    await Promise.all(Array.from({ length: WIDTH }, () => this.#readAll()));
    this.#state = 'ready';
  }

  async #readAll(): Promise<void> {
    for (let next = this.#waiting.pop(); next !== undefined && !this.#stopped; next = this.#waiting.pop()) {
      await this.#readOne(next).catch(this.#options.onFault);
      await setImmediate();
    }
  }

  async #scan(source: Source): Promise<void> {
    const { index } = this.#options;
    const known = index.listVersions(source.backend);
    for await (const ref of source.stored.list()) {
      if (this.#stopped) return;
      if (known.get(ref.ref) !== ref.version) this.#waiting.push({ ...ref, source });
      known.delete(ref.ref);
    }
    index.forgetStored(source.backend, [...known.keys()]);
  }

  async #readOne({ source, ref, version }: Waiting): Promise<void> {
    const { index } = this.#options;
    const place = { id: toFoundId(source.backend, ref), backend: source.backend, ref };
    const read = await source.stored.read(ref).then(
      (session) => ({ session }),
      () => undefined,
    );
    // One that cannot be read is tried again when it changes.
    const passages = (read?.session?.events ?? []).map(toPassage).filter((each) => each !== undefined);
    const isShort = passages.length <= SLICE;
    index.keepStored(place, {
      view: toView(source.backend, read?.session),
      isUnreadable: read === undefined,
      passages: passages.slice(0, SLICE),
      version: isShort ? version : undefined,
    });
    if (isShort) return;
    for (let from = SLICE; from < passages.length; from += SLICE) {
      await setImmediate();
      index.addPassages(place.id, passages.slice(from, from + SLICE));
    }
    index.finishStored(place.id, version);
  }
}

/** The same place always has the same id. */
export function toFoundId(backend: string, ref: string): FoundSession['id'] {
  const hash = createHash('sha256').update(`${backend}\n${ref}`).digest('hex');
  return foundSessionSchema.shape.id.parse(`fnd_${hash.slice(0, 26)}`);
}

/** A stored conversation as lists show it; undefined for one with nothing in it. */
export function toView(backend: string, session: StoredSession | undefined): ConversationView | undefined {
  if (session === undefined) return undefined;
  const { nativeId, cwd, model, usage, createdAt, updatedAt } = session;
  return {
    backend,
    nativeId,
    cwd,
    title: (session.title ?? toFirstWords(session) ?? toFolderName(cwd)).slice(0, TITLE_CHARS),
    ...(model === undefined ? {} : { model }),
    ...(usage === undefined ? {} : { usage }),
    turns: session.events.filter(({ event }) => event.type === 'turn.started').length,
    createdAt,
    updatedAt,
  };
}

function toFirstWords({ events }: StoredSession): string | undefined {
  for (const { event } of events) {
    const words = event.type === 'turn.started' ? toPlainText(event.input).trim().split('\n', 1)[0] : '';
    if (words !== undefined && words !== '') return words;
  }
  return undefined;
}

function toFolderName(cwd: string): string {
  return cwd.split(/[\\/]/).findLast((part) => part !== '') ?? 'Conversation';
}
