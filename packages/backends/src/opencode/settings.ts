import type { Clock } from '@baton/core';
import type { StopBounds } from '@baton/runner';

export interface OpencodeSettings {
  executable: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  serverMarker: string;
  clock: Clock;
  bounds: OpencodeBounds;
}

/** Bounds on what the agent may take, in milliseconds. */
export interface OpencodeBounds {
  /** From its start until its server listens; the first start in a new home makes a database. */
  listenMs: number;
  /** For what a folder offers; the first request for a folder boots it. */
  readyMs: number;
  /** For an answer to any other request. */
  requestMs: number;
  /** Silence of the event stream, which beats every ten seconds, after which it is taken for lost. */
  streamMs: number;
  /** How long what an ended turn still tells may take to arrive. */
  settleMs: number;
  /** How long the end of a session waits for a prompt to begin that cannot be taken back before. */
  beginMs: number;
  /** How long a server without a session is kept for the next one. */
  idleMs: number;
  /** Silence of a working model after which a notice says so. */
  quietMs: number;
  /** Silence of a working model after which the turn fails. */
  hangMs: number;
  stop: Partial<StopBounds>;
}

const MINUTE = 60_000;

export const BOUNDS: OpencodeBounds = {
  listenMs: MINUTE,
  readyMs: MINUTE,
  requestMs: 30_000,
  streamMs: 25_000,
  settleMs: 1500,
  beginMs: 3500,
  idleMs: MINUTE,
  quietMs: 3 * MINUTE,
  // OpenCode itself waits for a model without end.
  hangMs: 15 * MINUTE,
  stop: {},
};
