import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createWarmPool } from '@baton/runner';
import { describeFile, toAncestors } from '../agent/describe-file.ts';
import { KNOWN, type KnownAgent } from './known-agents.ts';
import { locateAgent } from './program.ts';
import { type AgentRecipe, type ReadyAgent, startReadyAgent } from './ready-agent.ts';
import type { AcpSettings } from './settings.ts';

/** What waits longer has been forgotten by its user, too. */
const IDLE_MS = 10 * 60_000;
/** The largest of these agents take some 350 MB. */
const MAX_BYTES = 1024 * 1024 * 1024;
/** How long a session waits for a conversation that is being begun; that takes less than a start. */
const PATIENCE_MS = 5000;

/** Agents that have started and wait for the next session in the same folder and environment, so that it need not wait for them. */
export interface WarmAgents {
  /**
   * One that was started in the same way and since whose start nothing has changed that it read then. It has a conversation only
   * if the session wants a new one and nothing has changed since that was begun.
   */
  take(recipe: AgentRecipe, wants: { new: boolean }): Promise<ReadyAgent | undefined>;
  /** Keeps one ready for the next session like this one. Resolves when it waits; never rejects. */
  refill(recipe: AgentRecipe): Promise<void>;
  /** Resolves when none is left. */
  close(): Promise<void>;
}

export interface WarmAgentsOptions {
  settings: AcpSettings;
  /** How many may wait. */
  limit: number;
  /** Hears of each that waits. */
  onWarm?: ((pid: number) => void) | undefined;
}

/** Undefined where none may wait: of an agent of which nobody knows what it reads at its start, nobody knows when it is out of date. */
export function createWarmAgents({ settings, limit, onWarm }: WarmAgentsOptions): WarmAgents | undefined {
  const { reads, ahead } = KNOWN[settings.definition.id] ?? {};
  if (reads === undefined || limit === 0) return undefined;
  return new WaitingAgents({ settings, limit, onWarm }, { reads, ahead });
}

interface Known {
  reads: NonNullable<KnownAgent['reads']>;
  ahead: KnownAgent['ahead'];
}

/** What an agent is like, as far as it has read anything. */
interface Prints {
  program: string;
  /** Undefined where no conversation may be begun ahead. */
  conversation: string | undefined;
}

interface Waiting extends ReadyAgent {
  prints: Prints;
  /** Settles when it has the conversation that it should have; it may have failed to begin one. */
  beginning: Promise<void>;
}

class WaitingAgents implements WarmAgents {
  readonly #options: WarmAgentsOptions;
  readonly #known: Known;
  readonly #pool;

  constructor(options: WarmAgentsOptions, known: Known) {
    const { settings, limit } = options;
    this.#options = options;
    this.#known = known;
    this.#pool = createWarmPool<Waiting>({
      ...{ clock: settings.clock, limit },
      ...{ maxBytes: MAX_BYTES, idleMs: IDLE_MS },
    });
  }

  async take(recipe: AgentRecipe, wants: { new: boolean }): Promise<ReadyAgent | undefined> {
    const key = toKey(recipe);
    const waiting = this.#pool.peek(key);
    if (waiting === undefined) return undefined;
    const { beginning } = waiting;
    if (!(await this.#isOver(beginning))) return undefined;
    const [program, conversation, isAlive] = await Promise.all([
      this.#lookAtProgram(recipe).catch(() => undefined),
      this.#known.ahead?.describe(this.#toPlace(recipe)).catch(() => undefined),
      waiting.answers(),
    ]);
    // Another session may have taken it meanwhile.
    if (this.#pool.peek(key) !== waiting) return undefined;
    // Or something has changed, and it begins another conversation.
    if (waiting.beginning !== beginning) return this.take(recipe, wants);
    if (!isAlive || waiting.prints.program !== program) {
      void this.#pool.discard(key);
      return undefined;
    }
    this.#pool.take(key);
    if (wants.new && waiting.prints.conversation === conversation) return waiting;
    return (await isClosed(waiting)) ? waiting : undefined;
  }

  async refill(recipe: AgentRecipe): Promise<void> {
    const key = toKey(recipe);
    const prints = await this.#look(recipe).catch(() => undefined);
    if (prints === undefined) return;
    const waiting = this.#pool.peek(key);
    if (waiting?.prints.program === prints.program) {
      if (waiting.prints.conversation === prints.conversation) return;
      await this.#renew(key, waiting, prints);
    } else {
      await this.#pool.discard(key);
      await this.#pool.refill(key, (signal) => this.#make({ recipe, prints, signal }));
    }
    const ready = this.#pool.peek(key)?.pid;
    if (ready !== undefined) this.#options.onWarm?.(ready);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #make(wanted: { recipe: AgentRecipe; prints: Prints; signal: AbortSignal }): Promise<Waiting> {
    const { recipe, prints, signal } = wanted;
    const ready = await startReadyAgent(this.#options.settings, recipe, signal);
    const giveUp = () => void ready.end();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      if (prints.conversation !== undefined) await ready.ahead.begin();
    } catch (error) {
      await ready.end();
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
    return Object.assign(ready, { prints, beginning: Promise.resolve() });
  }

  // In the same process, which takes a third of the time.
  async #renew(key: string, waiting: Waiting, prints: Prints): Promise<void> {
    waiting.prints = prints;
    const renew = async (): Promise<void> => {
      await waiting.ahead.close();
      if (prints.conversation !== undefined) await waiting.ahead.begin();
    };
    const renewing = waiting.beginning.then(renew);
    waiting.beginning = renewing.catch(async () => {
      if (this.#pool.peek(key) === waiting) await this.#pool.discard(key);
    });
    await waiting.beginning;
  }

  async #look(recipe: AgentRecipe): Promise<Prints> {
    const { ahead } = this.#known;
    const place = this.#toPlace(recipe);
    const [program, conversation] = await Promise.all([this.#lookAtProgram(recipe), ahead?.describe(place)]);
    // Last, so that what changes meanwhile is a change.
    return { program, conversation: (await ahead?.isQuiet(place)) === true ? conversation : undefined };
  }

  async #lookAtProgram({ cwd, env }: AgentRecipe): Promise<string> {
    const { reads } = this.#known;
    const { path } = await locateAgent(this.#options.settings.definition, env);
    const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
    const files = [
      await realpath(path),
      ...reads.home.map((name) => join(home, name)),
      ...toAncestors(cwd).flatMap((folder) => reads.folder.map((name) => join(folder, name))),
    ];
    return (await Promise.all(files.map(describeFile))).join('\n');
  }

  async #isOver(beginning: Promise<void>): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#options.settings.clock.after(PATIENCE_MS, () => resolve(false));
    const isOver = await Promise.race([beginning.then(() => true), promise]);
    cancel();
    return isOver;
  }

  #toPlace({ cwd, env }: AgentRecipe) {
    return { cwd, env, now: this.#options.settings.clock.now() };
  }
}

/** Whether it has no conversation any more. One that does not close it is ended. */
async function isClosed({ ahead, end }: Waiting): Promise<boolean> {
  try {
    await ahead.close();
    return true;
  } catch {
    await end();
    return false;
  }
}

/** Of a key as long as its secrets nothing is kept. */
function toKey({ cwd, env }: AgentRecipe): string {
  const variables = Object.entries(env).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([cwd, variables]))
    .digest('hex');
}
