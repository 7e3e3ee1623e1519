import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '@baton/protocol';
import { createWarmPool } from '@baton/runner';
import { z } from 'zod';
import type { ControlChannel } from './control.ts';
import { readFingerprint } from './fingerprint.ts';
import type { Recipe } from './launch-claude.ts';
import { runsNothingUnasked, startingSettingsSchema } from './quiet-start.ts';
import { readTranscriptSize } from './resume.ts';
import type { ClaudeSettings } from './settings.ts';
import { type WarmClaude, type WarmStart, startWarmClaude } from './warm-claude.ts';

/** What waits longer has been forgotten by its user, too. */
const IDLE_MS = 10 * 60_000;
/** One takes some 160 MB. */
const MAX_BYTES = 1024 * 1024 * 1024;

/** Processes that wait for the next new session of a kind, or for one that sleeps, so that it need not wait for its process. */
export interface WarmAgents {
  /** One that was started in the same way and to which nothing new has happened since. */
  take(recipe: Recipe): Promise<WarmClaude | undefined>;
  /**
   * Keeps one ready for the next session that begins like this one. `channel` leads to a process of that kind, which knows
   * whether another may be started before it is wanted. Resolves when it waits, or is not to.
   */
  refill(recipe: Recipe, channel: ControlChannel): Promise<void>;
  /**
   * For a session that is put to sleep, while its process lives. Resolves with what makes another ready that goes on with the
   * conversation, to be called when the first has ended.
   */
  rest(recipe: Recipe, nativeId: string, channel: ControlChannel): Promise<() => void>;
  /** The one that is ready to go on with a conversation. If none is answered, none has that conversation open any more. */
  wake(recipe: Recipe, nativeId: string): Promise<WarmClaude | undefined>;
  close(): Promise<void>;
}

export interface WarmAgentsOptions {
  settings: ClaudeSettings;
  limit: number;
  onWarm?: ((pid: number) => void) | undefined;
}

export function createWarmAgents(options: WarmAgentsOptions): WarmAgents {
  return new WaitingAgents(options);
}

class WaitingAgents implements WarmAgents {
  readonly #options: WarmAgentsOptions;
  readonly #pool;
  /** Those for sessions that sleep, while they are made, by conversation. */
  readonly #resting = new Map<string, Promise<void>>();

  constructor(options: WarmAgentsOptions) {
    const { settings, limit } = options;
    this.#options = options;
    this.#pool = createWarmPool<WarmClaude>({
      ...{ clock: settings.clock, limit },
      ...{ maxBytes: MAX_BYTES, idleMs: IDLE_MS },
    });
  }

  async take(recipe: Recipe): Promise<WarmClaude | undefined> {
    const key = toKey(recipe);
    const found = await this.#takeFresh(key, () => this.#look(recipe));
    if (found === 'stale') void this.#pool.discard(key);
    return found === 'stale' ? undefined : found;
  }

  async refill(recipe: Recipe, channel: ControlChannel): Promise<void> {
    const key = toKey(recipe);
    const waiting = this.#pool.peek(key);
    if (waiting !== undefined && waiting.fingerprint === (await this.#look(recipe))) return;
    if (!(await this.#mayWait(channel))) return;
    const conversation = { type: 'new', id: randomUUID() } as const;
    await this.#make(key, { recipe, conversation, look: () => this.#look(recipe) });
  }

  async rest(recipe: Recipe, nativeId: string, channel: ControlChannel): Promise<() => void> {
    if (!(await this.#mayWait(channel))) return () => undefined;
    return () => {
      const conversation = { type: 'resume', id: nativeId } as const;
      const look = () => this.#lookAt(recipe, nativeId);
      const making = this.#make(toConversationKey(nativeId), { recipe, conversation, look });
      this.#resting.set(
        nativeId,
        making.finally(() => this.#resting.delete(nativeId)),
      );
    };
  }

  async wake(recipe: Recipe, nativeId: string): Promise<WarmClaude | undefined> {
    await this.#resting.get(nativeId);
    const key = toConversationKey(nativeId);
    const found = await this.#takeFresh(key, () => this.#lookAt(recipe, nativeId));
    if (found !== 'stale') return found;
    await this.#pool.discard(key);
    return undefined;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #takeFresh(key: string, look: () => Promise<string>): Promise<WarmClaude | 'stale' | undefined> {
    const waiting = this.#pool.peek(key);
    if (waiting === undefined) return undefined;
    const [fingerprint, isAlive] = await Promise.all([look().catch(() => undefined), waiting.answers()]);
    // Another session may have taken it meanwhile.
    if (this.#pool.peek(key) !== waiting) return undefined;
    return isAlive && waiting.fingerprint === fingerprint ? this.#pool.take(key) : 'stale';
  }

  async #make(key: string, start: WarmStart): Promise<void> {
    const { settings, onWarm } = this.#options;
    await this.#pool.discard(key);
    await this.#pool.refill(key, (signal) => startWarmClaude(start, settings, signal));
    const ready = this.#pool.peek(key);
    if (ready !== undefined) onWarm?.(ready.process.pid);
  }

  #mayWait(channel: ControlChannel): Promise<boolean> {
    return mayWait(channel, this.#options.settings.bounds.requestMs);
  }

  #look(recipe: Recipe): Promise<string> {
    return readFingerprint({ ...recipe, now: this.#options.settings.clock.now() });
  }

  // What it is like counts too, since one conversation has one process; and what others added to the conversation.
  async #lookAt(recipe: Recipe, nativeId: string): Promise<string> {
    const [fingerprint, size] = await Promise.all([this.#look(recipe), readTranscriptSize(nativeId, recipe)]);
    if (size === undefined) throw new AppError('not-found', `Conversation ${nativeId} is not where it is looked for`);
    return [toKey(recipe), fingerprint, size].join(' ');
  }
}

const toConversationKey = (nativeId: string): string => `conversation ${nativeId}`;

/** Of a key as long as its secrets nothing is kept. */
function toKey({ program, cwd, env, model, mode, effort }: Recipe): string {
  const variables = Object.entries(env).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const parts = [program.build, cwd, variables, model ?? null, mode ?? null, effort ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

const settingsSchema = z.object({ effective: startingSettingsSchema });
const serversSchema = z.object({ mcpServers: z.array(z.unknown()) });

/** Whether a process that nobody uses does nothing: it runs no program of the user and starts no server. */
async function mayWait(channel: ControlChannel, requestMs: number): Promise<boolean> {
  const [settings, servers] = await Promise.all([
    channel.request('get_settings', {}, requestMs),
    channel.request('mcp_status', {}, requestMs),
  ]).catch(() => [undefined, undefined]);
  const known = settingsSchema.safeParse(settings);
  const connected = serversSchema.safeParse(servers);
  if (!known.success || !connected.success) return false;
  return connected.data.mcpServers.length === 0 && runsNothingUnasked(known.data.effective);
}
