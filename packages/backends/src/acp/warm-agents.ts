import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { createWarmPool } from '@baton/runner';
import { describeFile, toAncestors } from '../agent/describe-file.ts';
import { KNOWN } from './known-agents.ts';
import { locateAgent } from './program.ts';
import { type AgentRecipe, type ReadyAgent, startReadyAgent } from './ready-agent.ts';
import type { AcpSettings } from './settings.ts';

/** What waits longer has been forgotten by its user, too. */
const IDLE_MS = 10 * 60_000;
/** The largest of these agents take some 350 MB. */
const MAX_BYTES = 1024 * 1024 * 1024;

/** Agents that have started and wait for the next session in the same folder and environment, so that it need not wait for them. */
export interface WarmAgents {
  /** One that was started in the same way and since whose start nothing has changed that it read then. */
  take(recipe: AgentRecipe): Promise<ReadyAgent | undefined>;
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
  const { definition, clock } = settings;
  const known = KNOWN[definition.id]?.reads;
  if (known === undefined || limit === 0) return undefined;
  const reads = known;
  const pool = createWarmPool<ReadyAgent & { fingerprint: string }>({
    ...{ clock, limit, maxBytes: MAX_BYTES, idleMs: IDLE_MS },
  });

  async function look({ cwd, env }: AgentRecipe): Promise<string> {
    const { path } = await locateAgent(definition, env);
    const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
    const files = [
      await realpath(path),
      ...reads.home.map((name) => join(home, name)),
      ...toAncestors(cwd).flatMap((folder) => reads.folder.map((name) => join(folder, name))),
    ];
    return (await Promise.all(files.map(describeFile))).join('\n');
  }

  return {
    async take(recipe) {
      const key = toKey(recipe);
      const waiting = pool.peek(key);
      if (waiting === undefined) return undefined;
      const [fingerprint, isAlive] = await Promise.all([look(recipe).catch(() => undefined), waiting.answers()]);
      // Another session may have taken it meanwhile.
      if (pool.peek(key) !== waiting) return undefined;
      if (isAlive && waiting.fingerprint === fingerprint) return pool.take(key);
      void pool.discard(key);
      return undefined;
    },
    async refill(recipe) {
      const key = toKey(recipe);
      const fingerprint = await look(recipe).catch(() => undefined);
      const waiting = pool.peek(key);
      if (fingerprint === undefined || waiting?.fingerprint === fingerprint) return;
      await pool.discard(key);
      await pool.refill(key, async (signal) => ({ ...(await startReadyAgent(settings, recipe, signal)), fingerprint }));
      const ready = pool.peek(key)?.pid;
      if (ready !== undefined) onWarm?.(ready);
    },
    close: () => pool.close(),
  };
}

/** Of a key as long as its secrets nothing is kept. */
function toKey({ cwd, env }: AgentRecipe): string {
  const variables = Object.entries(env).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([cwd, variables]))
    .digest('hex');
}
