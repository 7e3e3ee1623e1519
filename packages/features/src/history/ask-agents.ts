import type { Backend, Clock, ConversationKeeper, Engine, StoredSession } from '@baton/core';
import { AppError, type FoundSession, isAppError, type KeptList } from '@baton/protocol';
import { toFolderName } from './found-view.ts';
import type { OwnFollower } from './follow-own.ts';
import type { HistoryCalls } from './history-calls.ts';

export interface AskOptions {
  engine: Engine;
  /** The agents there are now. */
  backends(): readonly Backend[];
  index: Pick<HistoryCalls, 'keepTold' | 'keepRead' | 'toldFolders'>;
  own: Pick<OwnFollower, 'settled'>;
  clock: Clock;
  onFault(error: unknown): void;
}

/** Asks agents for the conversations that they keep and that nobody else can read. */
export interface AgentAsker {
  /** Those that can be asked now. */
  keepers(): string[];
  /** Starts the agent, asks it for all it keeps, and takes that over. Who asks meanwhile gets the same answer. */
  look(backend: string): Promise<KeptList>;
  /** Starts the agent and has it repeat the conversation. What was read lately is not read again. */
  read(found: FoundSession): Promise<StoredSession>;
  /** Ends what is under way. */
  stop(): Promise<void>;
}

const KEPT_READS = 3;
const KEPT_MS = 10 * 60_000;
const OWN_SESSIONS = 20;

export function createAgentAsker(options: AskOptions): AgentAsker {
  return new Asker(options);
}

class Asker implements AgentAsker {
  readonly #options: AskOptions;
  readonly #ending = new AbortController();
  /** By what is asked; each agent is asked for one thing at a time. */
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #reads = new Map<string, { at: number; session: StoredSession }>();
  readonly #unhear: () => void;

  constructor(options: AskOptions) {
    this.#options = options;
    this.#unhear = options.engine.onTold((backend, { conversations }) => {
      // Unasked, and told again by the next session: an index that is away misses nothing that lasts.
      if (conversations !== undefined)
        this.#keep(backend, conversations).catch((cause: unknown) => this.#onFault(cause));
    });
  }

  keepers(): string[] {
    return this.#options.backends().flatMap(({ id, keeper }) => (keeper === undefined ? [] : [id]));
  }

  look(backend: string): Promise<KeptList> {
    const keeper = this.#requireKeeper(backend, 'not-found');
    return this.#once(`look ${backend}`, backend, async () => {
      const folders = await this.#listFolders(backend);
      const told = await keeper.list({ folders, signal: this.#ending.signal }).finally(() => this.#lookAgain(backend));
      return this.#keep(backend, told);
    });
  }

  read(found: FoundSession): Promise<StoredSession> {
    // The conversation is there; who could read it is not.
    const keeper = this.#requireKeeper(found.backend, 'backend-not-installed');
    const key = `${found.id} ${found.updatedAt}`;
    const known = this.#findRead(key);
    if (known !== undefined) return Promise.resolve(known);
    return this.#once(`read ${key}`, found.backend, async () => {
      const { clock } = this.#options;
      const from = clock.now();
      const session = await this.#readAnew(keeper, found);
      const during = { from, to: clock.now() };
      this.#remember(key, session);
      const { live: _live, id, ...view } = found;
      // It can be shown all the same.
      await this.#options.index.keepRead({ id, view, session, during }).catch((cause: unknown) => this.#onFault(cause));
      return session;
    });
  }

  async stop(): Promise<void> {
    this.#unhear();
    this.#ending.abort();
    await Promise.allSettled(this.#running.values());
  }

  #requireKeeper(id: string, absent: 'not-found' | 'backend-not-installed'): ConversationKeeper {
    const backend = this.#options.backends().find((each) => each.id === id);
    if (backend === undefined) {
      const none = `There is no agent "${id.slice(0, 64)}"`;
      throw new AppError(
        absent,
        absent === 'not-found' ? `${none}. ${this.#toKnown()}` : `${none} any more. Add it again under this id`,
      );
    }
    if (backend.keeper !== undefined) return backend.keeper;
    const why =
      backend.stored === undefined
        ? `it has no way to be asked. ${this.#toKnown()}`
        : 'they are read where it stores them, and listed without being asked for';
    throw new AppError('capability-missing', `${backend.title} is not asked for its conversations: ${why}`);
  }

  #toKnown(): string {
    const ids = this.keepers().map((id) => `"${id}"`);
    return ids.length === 0
      ? 'None here can be asked for its conversations'
      : `Those that can be asked: ${ids.join(', ')}`;
  }

  // The same question once at a time, and an agent one question after another: each is a whole process.
  #once<T>(key: string, backend: string, work: () => Promise<T>): Promise<T> {
    // Under one key there is only ever one kind of answer.
    const running = this.#running.get(key) as Promise<T> | undefined;
    if (running !== undefined) return running;
    const before = this.#last.get(backend) ?? Promise.resolve();
    const asked = before.then(work, work).finally(() => this.#running.delete(key));
    this.#running.set(key, asked);
    this.#last.set(backend, asked);
    return asked;
  }

  // Of folders that nobody knows here an agent that has to be asked for each tells nothing.
  async #listFolders(backend: string): Promise<string[]> {
    const { engine, index } = this.#options;
    const known = await index.toldFolders(backend);
    const [its, all] = await Promise.all([
      engine.listSessions({ backend, limit: OWN_SESSIONS }),
      engine.listSessions({ limit: OWN_SESSIONS }),
    ]);
    return [...new Set([...its.items.map(({ cwd }) => cwd), ...known, ...all.items.map(({ cwd }) => cwd)])];
  }

  async #keep(backend: string, told: Parameters<HistoryCalls['keepTold']>[0]['told']): Promise<KeptList> {
    const { own, index, clock } = this.#options;
    // Baton's own are known as such before they could be taken for others.
    await own.settled();
    return index.keepTold({ backend, told, at: new Date(clock.now()).toISOString() });
  }

  // It said of itself what it can.
  #lookAgain(backend: string): void {
    this.#options.engine.listBackends({ refresh: backend }).catch((cause: unknown) => this.#onFault(cause));
  }

  async #readAnew(keeper: ConversationKeeper, found: FoundSession): Promise<StoredSession> {
    const { nativeId, cwd, createdAt, updatedAt } = found;
    // The name of its folder stands for a title that the agent did not give.
    const title = found.title === toFolderName(cwd) ? undefined : found.title;
    const session = await keeper
      .read({ nativeId, cwd, title, updatedAt }, this.#ending.signal)
      .finally(() => this.#lookAgain(found.backend));
    return session ?? { nativeId, cwd, title, createdAt, updatedAt, events: [] };
  }

  #findRead(key: string): StoredSession | undefined {
    const known = this.#reads.get(key);
    if (known === undefined || this.#options.clock.now() - known.at > KEPT_MS) return undefined;
    return known.session;
  }

  #remember(key: string, session: StoredSession): void {
    this.#reads.delete(key);
    this.#reads.set(key, { at: this.#options.clock.now(), session });
    const [oldest] = this.#reads.size > KEPT_READS ? this.#reads.keys() : [];
    if (oldest !== undefined) this.#reads.delete(oldest);
  }

  // While the index is away it says so by itself.
  #onFault(cause: unknown): void {
    if (!isAppError(cause) || cause.kind !== 'store-unavailable') this.#options.onFault(cause);
  }
}
