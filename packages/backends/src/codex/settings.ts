import type { Clock } from '@baton/core';
import type { StopBounds } from '@baton/runner';
import { LIMIT_MS } from '../agent/limit-watch.ts';
import type { Transport } from './endpoint.ts';

export interface CodexSettings {
  executable: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Where Baton keeps homes of Codex of its own. */
  dataDir: string;
  serverMarker: string;
  transport: Transport;
  clock: Clock;
  bounds: CodexBounds;
}

/** Bounds on what the agent may take, in milliseconds. */
export interface CodexBounds {
  /** From its start until it answers. */
  readyMs: number;
  /** For an answer to any other request. */
  requestMs: number;
  /** Silence of a working model after which a notice says so. */
  quietMs: number;
  /** Silence of a working model after which the turn fails. */
  hangMs: number;
  /** How long a provider that limits the rate may make Codex wait; it would wait for an hour when told so. */
  limitMs: number;
  /** How long a process without sessions is kept for the next one. */
  idleMs: number;
  stop: Partial<StopBounds>;
}

const MINUTE = 60_000;

export const BOUNDS: CodexBounds = {
  readyMs: MINUTE,
  requestMs: 20_000,
  quietMs: 3 * MINUTE,
  // Codex itself would wait for ever when a provider takes a request and never answers.
  hangMs: 15 * MINUTE,
  limitMs: LIMIT_MS,
  idleMs: MINUTE,
  stop: { interruptMs: 500, terminateMs: 750 },
};
