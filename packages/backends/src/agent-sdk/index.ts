import type { Backend, Clock } from '@baton/core';
import { systemClock } from '../agent/system-clock.ts';
import { toClaudeEnvironment } from '../claude/launch.ts';
import { ClaudeSession } from '../claude/session.ts';
import { BOUNDS, type ClaudeBounds } from '../claude/settings.ts';
import { probeSdk } from './probe.ts';
import { startSdk } from './start.ts';

export interface AgentSdkBackendOptions {
  /** The folder of the package; default: it is looked for in `home`. */
  folder?: string | undefined;
  /** Where Baton installs it: a folder with `node_modules`. */
  home: string;
  /** Baton's own folder, which agents are kept away from. */
  dataDir: string;
  /** Path of the CLI that the SDK is to drive; default: looked for on PATH, else the one the SDK brings. */
  executable?: string | undefined;
  /** The server's environment, of which the agent gets what it needs; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** See `toServerMarker` of the runner: by it a later life of this server finds what this one left running. */
  serverMarker?: string;
  clock?: Clock;
  bounds?: Partial<ClaudeBounds>;
}

/** Anthropic's Agent SDK in this process: Claude Code with tools and a guard of Baton's own. */
export function createAgentSdkBackend(options: AgentSdkBackendOptions): Backend {
  const { folder, home, dataDir, executable } = options;
  const { env = process.env, serverMarker = 'standalone', clock = systemClock } = options;
  const settings = { executable, env, serverMarker, clock, bounds: { ...BOUNDS, ...options.bounds } };
  const place = { setting: folder, home };
  const id = 'agent-sdk';
  const title = 'Claude Agent SDK';
  return {
    id,
    title,
    probe: (more = {}) => probeSdk({ id, title, place, executable, env: toClaudeEnvironment(env, more) }),
    open(openOptions) {
      const session = new ClaudeSession(openOptions, settings, (order) => startSdk(order, { place, dataDir }));
      session.start();
      return session;
    },
  };
}
