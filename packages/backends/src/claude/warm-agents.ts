import { createHash } from 'node:crypto';
import { createWarmPool } from '@baton/runner';
import { z } from 'zod';
import type { ControlChannel } from './control.ts';
import { readFingerprint } from './fingerprint.ts';
import type { Recipe } from './launch-claude.ts';
import type { ClaudeSettings } from './settings.ts';
import { type WarmClaude, startWarmClaude } from './warm-claude.ts';

/** What waits longer has been forgotten by its user, too. */
const IDLE_MS = 10 * 60_000;
/** One takes some 160 MB. */
const MAX_BYTES = 1024 * 1024 * 1024;

/** Processes that wait for the next new session of a kind, so that it need not wait for its process. */
export interface WarmAgents {
  /** One that was started in the same way and to which nothing new has happened since. */
  take(recipe: Recipe): Promise<WarmClaude | undefined>;
  /**
   * Keeps one ready for the next session that begins like this one. `channel` leads to a process of that kind, which knows
   * whether another may be started before it is wanted. Resolves when it waits, or is not to.
   */
  refill(recipe: Recipe, channel: ControlChannel): Promise<void>;
  close(): Promise<void>;
}

export function createWarmAgents(options: {
  settings: ClaudeSettings;
  limit: number;
  onWarm?: ((pid: number) => void) | undefined;
}): WarmAgents {
  const { settings, limit, onWarm } = options;
  const { clock, bounds } = settings;
  const pool = createWarmPool<WarmClaude>({ clock, limit, maxBytes: MAX_BYTES, idleMs: IDLE_MS });
  const look = (recipe: Recipe) => readFingerprint({ ...recipe, now: clock.now() });

  return {
    async take(recipe) {
      const key = toKey(recipe);
      const waiting = pool.peek(key);
      if (waiting === undefined) return undefined;
      const [fingerprint, isAlive] = await Promise.all([look(recipe), waiting.answers()]);
      const isFresh = isAlive && waiting.fingerprint === fingerprint;
      // Another session may have taken it meanwhile.
      if (pool.peek(key) !== waiting) return undefined;
      if (isFresh) return pool.take(key);
      void pool.discard(key);
      return undefined;
    },
    async refill(recipe, channel) {
      const key = toKey(recipe);
      const waiting = pool.peek(key);
      if (waiting !== undefined && waiting.fingerprint === (await look(recipe))) return;
      if (!(await mayWait(channel, bounds.requestMs))) return;
      await pool.discard(key);
      await pool.refill(key, (signal) => startWarmClaude(recipe, settings, signal));
      const ready = pool.peek(key);
      if (ready !== undefined) onWarm?.(ready.process.pid);
    },
    close: () => pool.close(),
  };
}

/** Of a key as long as its secrets nothing is kept. */
function toKey({ program, cwd, env, model, mode, effort }: Recipe): string {
  const variables = Object.entries(env).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const parts = [program.path, program.version, cwd, variables, model ?? null, mode ?? null, effort ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

const settingsSchema = z.object({
  effective: z.looseObject({
    hooks: z.record(z.string(), z.unknown()).optional(),
    enabledPlugins: z.record(z.string(), z.unknown()).optional(),
  }),
});
const serversSchema = z.object({ mcpServers: z.array(z.unknown()) });

/** Hooks that run although nobody has said anything yet, or when a process ends that nobody has talked to. */
const UNASKED = [
  'SessionStart',
  'SessionEnd',
  'Setup',
  'InstructionsLoaded',
  'ConfigChange',
  'FileChanged',
  'CwdChanged',
];

/** Whether a process that nobody uses does nothing: it runs no program of the user and starts no server. */
async function mayWait(channel: ControlChannel, requestMs: number): Promise<boolean> {
  const [settings, servers] = await Promise.all([
    channel.request('get_settings', {}, requestMs),
    channel.request('mcp_status', {}, requestMs),
  ]).catch(() => [undefined, undefined]);
  const known = settingsSchema.safeParse(settings);
  const connected = serversSchema.safeParse(servers);
  if (!known.success || !connected.success) return false;
  const { hooks = {}, enabledPlugins = {} } = known.data.effective;
  const hasPlugins = Object.values(enabledPlugins).some((value) => value !== false);
  return connected.data.mcpServers.length === 0 && !hasPlugins && UNASKED.every((event) => !(event in hooks));
}
