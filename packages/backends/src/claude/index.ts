import type { Backend, Clock } from '@baton/core';
import { toClaudeEnvironment } from './launch.ts';
import { probeClaude } from './probe.ts';
import { ClaudeSession } from './session.ts';
import { startClaude } from './start-claude.ts';
import { BOUNDS, type ClaudeBounds } from './settings.ts';
import { systemClock } from '../agent/system-clock.ts';
import { createWarmAgents } from './warm-agents.ts';

export interface ClaudeBackendOptions {
  /** Path of the CLI; default: looked for on PATH and in the usual places. */
  executable?: string | undefined;
  /** The server's environment, of which the agent gets what it needs; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** See `toServerMarker` of the runner: by it a later life of this server finds what this one left running. */
  serverMarker?: string;
  clock?: Clock;
  bounds?: Partial<ClaudeBounds>;
  /** How many processes may wait, ready, for sessions to come; default 0. Each takes some 160 MB. */
  warmAgents?: number;
  /** Told when a process waits. */
  onWarm?(pid: number): void;
}

/** Claude Code, spoken to over its own stream-json protocol. */
export function createClaudeBackend(options: ClaudeBackendOptions = {}): Backend {
  const { executable, env = process.env, serverMarker = 'standalone', clock = systemClock } = options;
  const settings = { executable, env, serverMarker, clock, bounds: { ...BOUNDS, ...options.bounds } };
  const { warmAgents = 0, onWarm } = options;
  const warm = warmAgents === 0 ? undefined : createWarmAgents({ settings, limit: warmAgents, onWarm });
  const id = 'claude';
  const title = 'Claude Code';
  return {
    id,
    title,
    probe: (more = {}) => probeClaude({ id, title, setting: executable, env: toClaudeEnvironment(env, more) }),
    open(openOptions) {
      const session = new ClaudeSession(openOptions, settings, (order) => startClaude(order, warm));
      session.start();
      return session;
    },
    stored: { agent: 'claude', env: toClaudeEnvironment(env, {}) },
    async close() {
      await warm?.close();
    },
  };
}
