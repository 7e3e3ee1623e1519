import type { Backend, Clock } from '@baton/core';
import type { AcpAgentDefinition } from '@baton/protocol';
import { systemClock } from '../agent/system-clock.ts';
import { createKeeper } from './keeper.ts';
import { READ_WHERE_STORED } from './known-agents.ts';
import { toAgentEnvironment } from './launch.ts';
import { createMemory, probeAgent } from './probe.ts';
import { AcpSession } from './session.ts';
import { type AcpBounds, BOUNDS } from './settings.ts';
import { createWarmAgents } from './warm-agents.ts';

export interface AcpBackendOptions {
  /** The server's environment, of which the agent gets what its definition names; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** See `toServerMarker` of the runner: by it a later life of this server finds what this one left running. */
  serverMarker?: string;
  clock?: Clock;
  bounds?: Partial<AcpBounds>;
  /** How many started agents may wait for the next session; default none. */
  warmAgents?: number;
  /** Hears of each that waits. */
  onWarm?: (pid: number) => void;
}

// The protocol does not tell where an agent keeps its conversations; of these we know it.
const STORED: ReadonlySet<string> = new Set(['gemini']);

/** Any program that speaks the Agent Client Protocol; one process for each session. */
export function createAcpBackend(definition: AcpAgentDefinition, options: AcpBackendOptions = {}): Backend {
  const { env = process.env, serverMarker = 'standalone', clock = systemClock } = options;
  const settings = { definition, env, serverMarker, clock, bounds: { ...BOUNDS, ...options.bounds } };
  const memory = createMemory(definition);
  const warm = createWarmAgents({ settings, limit: options.warmAgents ?? 0, onWarm: options.onWarm });
  return {
    id: definition.id,
    title: definition.title,
    ...(STORED.has(definition.id)
      ? { stored: { agent: definition.id, env: toAgentEnvironment(definition, env, {}) } }
      : {}),
    ...(READ_WHERE_STORED.has(definition.id) ? {} : { keeper: createKeeper(settings, memory.onInitialized) }),
    learn: memory.learn,
    probe: (more = {}) => probeAgent(definition, toAgentEnvironment(definition, env, more), memory),
    open(openOptions) {
      const session = new AcpSession(openOptions, { settings, hooks: memory, warm });
      session.start();
      return session;
    },
    close: async () => warm?.close(),
  };
}
