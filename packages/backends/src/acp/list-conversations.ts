import { isAbsolute } from 'node:path';
import type { ListSessionsRequest } from '@agentclientprotocol/sdk';
import type { ToldConversation, ToldConversations } from '@baton/core';
import { AppError } from '@baton/protocol';
import { toTime } from '../stored/stored-log.ts';
import { toTitle } from '../stored/to-title.ts';
import type { AgentRequest } from './agent-requests.ts';
import { toWords } from './failure.ts';
import { METHOD_NOT_FOUND, RpcRefusal } from './rpc.ts';
import { type ListResult, listResultSchema, listedSchema } from './wire.ts';

/** An agent that can be asked, and what it may take. */
export interface ListingAgent {
  title: string;
  /** The folder its process runs in. Some agents tell only of that one. */
  cwd: string;
  /** Whether a conversation from this folder shows that it tells of others, too. */
  isElsewhere(folder: string): boolean;
  /** Milliseconds since the epoch. */
  now(): number;
  /** For all of it; a list that takes longer is not whole. */
  withinMs: number;
  /** Rejects with a `RpcRefusal`, or with an `AppError` when the time is over or the agent is gone. */
  request(asked: AgentRequest, timeoutMs: number): Promise<unknown>;
}

const MAX_PAGES = 200;
const MAX_CONVERSATIONS = 5000;
/** Of what is kept, in characters. */
const MAX_SIZE = 4_000_000;
const MAX_FOLDERS = 60;

/**
 * Asks an agent for the conversations it keeps, page by page; of one that it tells of twice the first counts. Rejects when it does not
 * answer the first time; what goes wrong after that ends the list, which then says why it is not whole.
 */
export async function listConversations(agent: ListingAgent, folders: readonly string[]): Promise<ToldConversations> {
  const listing = new Listing(agent);
  await listing.askAll();
  await listing.askFolders(folders);
  return listing.toTold();
}

class Listing {
  readonly #agent: ListingAgent;
  readonly #until: number;
  readonly #found = new Map<string, ToldConversation>();
  /** The folders of which it told all. */
  readonly #folders = new Set<string>();
  #leftOut = 0;
  #pages = 0;
  #size = 0;
  /** It told of more folders than its own without being asked for them. */
  #tellsOfAll = false;
  #problem: string | undefined;

  constructor(agent: ListingAgent) {
    this.#agent = agent;
    this.#until = agent.now() + agent.withinMs;
  }

  async askAll(): Promise<void> {
    const { title, cwd, isElsewhere } = this.#agent;
    try {
      await this.#askPages({});
      this.#folders.add(cwd);
      this.#tellsOfAll = [...this.#found.values()].some((each) => isElsewhere(each.cwd));
    } catch (error) {
      if (this.#pages === 0) throw toListError(title, error);
      this.#breakOff(error);
    }
  }

  /** Asks for folders by their names, unless the agent has told of others than its own by itself. */
  async askFolders(folders: readonly string[]): Promise<void> {
    for (const folder of folders.slice(0, MAX_FOLDERS)) {
      if (this.#problem !== undefined || this.#tellsOfAll) return;
      if (this.#folders.has(folder)) continue;
      try {
        await this.#askPages({ cwd: folder });
        this.#folders.add(folder);
      } catch (error) {
        // A folder that is gone is refused by some; nothing is known of it then.
        if (!(error instanceof RpcRefusal)) this.#breakOff(error);
      }
    }
  }

  toTold(): ToldConversations {
    return {
      conversations: [...this.#found.values()],
      leftOut: this.#leftOut,
      ...(this.#tellsOfAll ? {} : { folders: [...this.#folders] }),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  async #askPages(params: { cwd?: string }): Promise<void> {
    const given = new Set<string>();
    for (let cursor: string | undefined; this.#problem === undefined; ) {
      const page = await this.#askPage({ ...params, ...(cursor === undefined ? {} : { cursor }) });
      for (const each of page.sessions) this.#take(each);
      const next = page.nextCursor ?? '';
      if (next === '') return;
      this.#problem ??= this.#toEnd(given, next);
      given.add(next);
      cursor = next;
    }
  }

  async #askPage(params: ListSessionsRequest): Promise<ListResult> {
    const left = this.#until - this.#agent.now();
    const answer = await this.#agent.request({ method: 'session/list', params }, Math.max(1, left));
    const page = listResultSchema.safeParse(answer);
    if (!page.success) {
      const what = `${this.#agent.title} answered "session/list" with something that is no list`;
      throw new AppError('agent-unresponsive', what);
    }
    this.#pages += 1;
    return page.data;
  }

  // Why no further page is asked for.
  #toEnd(given: ReadonlySet<string>, next: string): string | undefined {
    const { title, now } = this.#agent;
    if (given.has(next)) return `${title} gives the same page of its list again instead of ending it`;
    if (this.#pages >= MAX_PAGES) return `${title} did not end its list within ${MAX_PAGES} pages`;
    if (now() >= this.#until) return `${title} did not end its list in time`;
    return undefined;
  }

  #take(told: unknown): void {
    const parsed = listedSchema.safeParse(told);
    if (!parsed.success || !isAbsolute(parsed.data.cwd)) {
      this.#leftOut += 1;
      return;
    }
    const { sessionId: nativeId, cwd, title, updatedAt } = parsed.data;
    if (this.#found.has(nativeId)) return;
    const shown = toTitle(title ?? undefined);
    this.#size += nativeId.length + cwd.length + (shown?.length ?? 0);
    if (this.#found.size >= MAX_CONVERSATIONS || this.#size > MAX_SIZE) {
      this.#problem ??= `${this.#agent.title} keeps more conversations than Baton takes over; these are the first ${this.#found.size}`;
      return;
    }
    const time = toTime(updatedAt);
    this.#found.set(nativeId, {
      nativeId,
      cwd,
      ...(shown === undefined ? {} : { title: shown }),
      // One of tomorrow would stay on top of every list.
      ...(time === undefined ? {} : { updatedAt: new Date(Math.min(time, this.#agent.now())).toISOString() }),
    });
  }

  #breakOff(error: unknown): void {
    this.#problem ??= `${this.#agent.title} broke off its list: ${toReason(error)}`;
  }
}

function toListError(title: string, error: unknown): unknown {
  if (!(error instanceof RpcRefusal)) return error;
  if (error.error.code === METHOD_NOT_FOUND)
    return new AppError('capability-missing', `${title} does not tell which conversations it keeps`);
  return new AppError('agent-unresponsive', `${title} did not tell which conversations it keeps: ${toReason(error)}`);
}

function toReason(error: unknown): string {
  const why = error instanceof RpcRefusal ? toWords(error.error) : error instanceof Error ? error.message : '';
  return why.replace(/\.$/, '') || 'it does not say why';
}
