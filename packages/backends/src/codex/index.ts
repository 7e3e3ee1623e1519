import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend, Clock } from '@baton/core';
import { systemClock } from '../agent/system-clock.ts';
import { AppServers } from './app-servers.ts';
import type { Transport } from './endpoint.ts';
import { toCodexEnvironment } from './launch.ts';
import { probeCodex } from './probe.ts';
import { CodexSession } from './session.ts';
import { BOUNDS, type CodexBounds, type CodexSettings } from './settings.ts';

export interface CodexBackendOptions {
  /** Path of the CLI; default: looked for on PATH and in the usual places. */
  executable?: string | undefined;
  /** The server's environment, of which the agent gets what it needs; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Where homes of Codex of Baton's own are kept; default: a folder for temporary files. */
  dataDir?: string;
  /** See `toServerMarker` of the runner: by it a later life of this server finds what this one left running. */
  serverMarker?: string;
  /** How long its first word may take; default: see `BOUNDS`. */
  readyMs?: number | undefined;
  /** Default: a socket that is a file, where there are such. */
  transport?: Transport;
  clock?: Clock;
  bounds?: Partial<CodexBounds>;
}

/** OpenAI Codex, spoken to over `codex app-server`: one process for many conversations. */
export function createCodexBackend(options: CodexBackendOptions = {}): Backend {
  const { executable, env = process.env, serverMarker = 'standalone', clock = systemClock } = options;
  const dataDir = options.dataDir ?? join(tmpdir(), `baton-${serverMarker}`);
  const { readyMs = BOUNDS.readyMs, transport = process.platform === 'win32' ? 'loopback' : 'unix' } = options;
  const bounds = { ...BOUNDS, readyMs, ...options.bounds };
  const settings: CodexSettings = { executable, env, dataDir, serverMarker, transport, clock, bounds };
  const servers = new AppServers(settings);
  const id = 'codex';
  const title = 'Codex';
  return {
    id,
    title,
    probe: (more = {}) => probeCodex({ id, title, setting: executable, env: toCodexEnvironment(env, more) }),
    open(openOptions) {
      const session = new CodexSession(openOptions, settings, servers);
      session.start();
      return session;
    },
    close: () => servers.close(),
    stored: { agent: 'codex', env: toCodexEnvironment(env, {}) },
  };
}
