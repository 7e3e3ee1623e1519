import type { SessionId } from '@baton/protocol';
import type { EngineStats } from './engine.ts';
import { createPatrol } from './patrol.ts';
import { SessionActor, type SessionActorOptions } from './session-actor.ts';

/** Actors that nobody needs are kept this long, so that a burst of requests folds the log once. */
const KEEP_MS = 300_000;
const SWEEP_MS = 60_000;

export interface Actors {
  /**
   * Works with the one actor of a session, loaded, which is kept at least until the work is done. An unknown session gives
   * an actor with no session in it, which is forgotten with the last work on it.
   */
  use<T>(sessionId: SessionId, work: (actor: SessionActor) => T | Promise<T>): Promise<T>;
  forget(sessionId: SessionId): void;
  /** A session that is loaded; asking does not keep it. */
  peek(sessionId: SessionId): SessionActor | undefined;
  /** Sessions with an agent, or that wait for one. */
  withAgents(): SessionActor[];
  /**
   * `end`: ends all agents; sessions whose queue is empty are settled in the log, the rest at the next start. `leave`: lets
   * those work on that outlive this process.
   */
  stopAll(how: 'end' | 'leave'): Promise<void>;
  stats(): EngineStats;
}

export interface ActorsOptions extends Omit<SessionActorOptions, 'sessionId'> {
  /** How long an agent may have nothing to do before it is put to sleep; 0: for ever. */
  sleepAfterMs: number;
}

interface Entry {
  actor: SessionActor;
  loaded: Promise<void>;
  isLoaded: boolean;
  /** Works under way. */
  users: number;
}

export function createActors(options: ActorsOptions): Actors {
  return new ActorTable(options);
}

class ActorTable implements Actors {
  readonly #options: ActorsOptions;
  readonly #patrol: ReturnType<typeof createPatrol>;
  readonly #entries = new Map<SessionId, Entry>();
  #eventsAppended = 0;
  #cancelSweep: (() => void) | undefined;

  constructor(options: ActorsOptions) {
    const { clock, sleepAfterMs } = options;
    this.#options = options;
    this.#patrol = createPatrol({ clock, sleepAfterMs, actors: () => this.withAgents() });
  }

  async use<T>(sessionId: SessionId, work: (actor: SessionActor) => T | Promise<T>): Promise<T> {
    const entry = this.#entries.get(sessionId) ?? this.#add(sessionId);
    entry.users += 1;
    try {
      await entry.loaded;
      return await work(entry.actor);
    } finally {
      entry.users -= 1;
      entry.actor.lastUsed = this.#options.clock.now();
      // What could not be read must not be remembered either: the next read may work.
      const empty = !entry.isLoaded || entry.actor.state.status === 'none';
      if (empty && entry.users === 0 && this.#entries.get(sessionId) === entry) this.forget(sessionId);
    }
  }

  forget(sessionId: SessionId): void {
    this.#entries.delete(sessionId);
  }

  peek(sessionId: SessionId): SessionActor | undefined {
    const entry = this.#entries.get(sessionId);
    return entry?.isLoaded === true ? entry.actor : undefined;
  }

  withAgents(): SessionActor[] {
    return this.#loaded().filter((actor) => actor.live || actor.waits);
  }

  async stopAll(how: 'end' | 'leave'): Promise<void> {
    this.#cancelSweep?.();
    this.#patrol.stop();
    await Promise.allSettled(this.#loaded().map((actor) => (how === 'leave' ? actor.leave() : actor.shutDown())));
  }

  stats(): EngineStats {
    const all = this.#loaded();
    return {
      liveAgents: all.filter((actor) => actor.live).length,
      waitingAgents: all.filter((actor) => actor.waits).length,
      runningTurns: all.filter((actor) => actor.state.status === 'open' && actor.state.turn !== undefined).length,
      subscriptions: all.reduce((sum, actor) => sum + actor.feed.size, 0),
      eventsAppended: this.#eventsAppended,
      deltasSent: all.reduce((sum, actor) => sum + actor.feed.deltasSent, 0),
    };
  }

  #loaded(): SessionActor[] {
    return [...this.#entries.values()].flatMap((entry) => (entry.isLoaded ? [entry.actor] : []));
  }

  #add(sessionId: SessionId): Entry {
    const actor = new SessionActor({
      ...this.#options,
      sessionId,
      onChange: (view, recorded) => {
        this.#eventsAppended += recorded.length;
        this.#options.onChange(view, recorded);
        this.#patrol.start();
      },
    });
    const entry: Entry = { actor, users: 0, isLoaded: false, loaded: Promise.resolve() };
    entry.loaded = actor.load().then(() => {
      entry.isLoaded = true;
      // One that outlived its server may say nothing more.
      if (actor.live) this.#patrol.start();
    });
    this.#entries.set(sessionId, entry);
    this.#cancelSweep ??= this.#options.clock.after(SWEEP_MS, () => this.#sweep());
    return entry;
  }

  #sweep(): void {
    const now = this.#options.clock.now();
    for (const [sessionId, { actor, users }] of this.#entries) {
      if (users === 0 && actor.dispensable && now - actor.lastUsed > KEEP_MS) this.forget(sessionId);
    }
    this.#cancelSweep = this.#entries.size > 0 ? this.#options.clock.after(SWEEP_MS, () => this.#sweep()) : undefined;
  }
}
