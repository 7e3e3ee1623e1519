import type { Backend, Clock } from '@baton/core';
import { toOpencodeEnvironment } from './launch.ts';
import { probeOpencode } from './probe.ts';
import { createServerPool } from './server-pool.ts';
import { OpencodeSession } from './session.ts';
import { BOUNDS, type OpencodeBounds } from './settings.ts';
import { systemClock } from '../agent/system-clock.ts';

export interface OpencodeBackendOptions {
  /** Path of the program; default: looked for on PATH and in the usual places. */
  executable?: string | undefined;
  /** The server's environment, of which the agent gets what it needs; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** See `toServerMarker` of the runner: by it a later life of this server finds what this one left running. */
  serverMarker?: string;
  clock?: Clock;
  bounds?: Partial<OpencodeBounds>;
}

/** OpenCode, spoken to over the REST API and the event stream of `opencode serve`. */
export function createOpencodeBackend(options: OpencodeBackendOptions = {}): Backend {
  const { executable, env = process.env, serverMarker = 'standalone', clock = systemClock } = options;
  const settings = { executable, env, serverMarker, clock, bounds: { ...BOUNDS, ...options.bounds } };
  const pool = createServerPool(settings);
  const id = 'opencode';
  const title = 'OpenCode';
  return {
    id,
    title,
    probe: (more = {}) => probeOpencode({ id, title, setting: executable, env: toOpencodeEnvironment(env, more) }),
    open(openOptions) {
      const session = new OpencodeSession(openOptions, settings, pool);
      session.start();
      return session;
    },
    close: () => pool.close(),
    stored: { agent: 'opencode', env: toOpencodeEnvironment(env, {}) },
  };
}
