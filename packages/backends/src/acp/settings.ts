import type { Clock } from '@baton/core';
import type { AcpAgentDefinition } from '@baton/protocol';
import type { StopBounds } from '@baton/runner';
import { LIMIT_MS } from '../agent/limit-watch.ts';

export interface AcpSettings {
  definition: AcpAgentDefinition;
  env: Readonly<Record<string, string | undefined>>;
  serverMarker: string;
  clock: Clock;
  bounds: AcpBounds;
}

/** Bounds on what the agent may take, in milliseconds. A prompt has none: only silence ends one. */
export interface AcpBounds {
  /** From its start until it answered the handshake. */
  readyMs: number;
  /** For a conversation to be made, found again or branched, but for the time in which its user has something to answer. */
  openMs: number;
  /** For an answer to any other request. */
  requestMs: number;
  /** For a turn to end after it was cancelled. */
  cancelMs: number;
  /** Silence of a working model after which a notice says so. */
  quietMs: number;
  /** Silence of a working model after which the turn fails. */
  hangMs: number;
  /** Silence after its provider limited the rate, and before the turn fails. */
  limitMs: number;
  /** Silence after which a turn that the agent had by itself, and whose end it does not tell, is over. */
  settleMs: number;
  /** For the rest of a conversation that an agent repeats after it said that it is open. */
  replayMs: number;
  /** For an agent that is started for a question only, from its start on. */
  briefMs: number;
  /** Silence after which a conversation that an agent repeats after it opened it is whole. */
  lateMs: number;
  /** For all pages of the list of its conversations. */
  listMs: number;
  stop: Partial<StopBounds>;
}

const MINUTE = 60_000;

export const BOUNDS: AcpBounds = {
  readyMs: MINUTE,
  openMs: MINUTE,
  requestMs: 20_000,
  cancelMs: 20_000,
  quietMs: 3 * MINUTE,
  // Measured agents retry for three minutes and say nothing.
  hangMs: 15 * MINUTE,
  limitMs: LIMIT_MS,
  settleMs: 1500,
  replayMs: 5000,
  briefMs: 75_000,
  lateMs: 250,
  listMs: 30_000,
  // An agent that is told to end by the end of its input first ends its own tools; the slowest takes two seconds.
  stop: { protocolMs: 2500, interruptMs: 500, terminateMs: 750 },
};
