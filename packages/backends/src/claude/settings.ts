import type { Clock } from '@baton/core';
import type { StopBounds } from '@baton/runner';

export interface ClaudeSettings {
  executable: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  serverMarker: string;
  clock: Clock;
  bounds: ClaudeBounds;
}

/** Bounds on what the agent may take, in milliseconds. */
export interface ClaudeBounds {
  /** From its start until it said what it offers. */
  readyMs: number;
  /** For an answer to any other request. */
  requestMs: number;
  /** Silence of a working model after which a notice says so. */
  quietMs: number;
  /** Silence of a working model after which the turn fails. */
  hangMs: number;
  /** Silence after which a turn that the agent had by itself, and whose end it does not tell, is over. */
  settleMs: number;
  stop: Partial<StopBounds>;
}

const MINUTE = 60_000;

export const BOUNDS: ClaudeBounds = {
  readyMs: MINUTE,
  requestMs: 10_000,
  quietMs: 3 * MINUTE,
  // The CLI itself gives a request five or six minutes before it tries again.
  hangMs: 15 * MINUTE,
  settleMs: 1500,
  stop: {},
};
