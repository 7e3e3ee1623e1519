import type { SessionId, TurnId } from '@baton/protocol';
import type { AgentHost } from '../ports/agent-host.ts';
import type { Backend } from '../ports/backend.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventStore } from '../ports/event-store.ts';
import type { AgentLimits } from './admission-policy.ts';

/** A turn whose prompt has not gone out yet. */
export interface BegunTurn {
  sessionId: SessionId;
  /** The session's folder. */
  cwd: string;
  turnId: TurnId;
}

export interface EngineOptions {
  store: EventStore;
  /** The agents there are now; asked again each time. */
  backends(): readonly Backend[];
  /** Where agents run. Default: in this process. */
  host?: AgentHost | undefined;
  clock: Clock;
  /** The real path of a folder that a session may work in; throws an `AppError` when it may not. */
  resolveFolder(path: string): Promise<string>;
  /** What went wrong behind the scenes, for the log. */
  onFault?(error: unknown): void;
  /**
   * Awaited before the prompt of a turn goes to the agent, for two seconds at most: for what has to see the session's folder
   * as it was before. What it rejects with is a fault; the prompt goes out all the same.
   */
  beforeTurn?: ((turn: BegunTurn) => Promise<void>) | undefined;
  /** How long an interrupted turn may go on before its agent is ended, where agents run in this process. Default 10 s. */
  interruptTimeoutMs?: number;
  /** How many agents run at once; more wait for a place. Default: as many as are asked for. */
  agentLimits?: AgentLimits | undefined;
  /** How long an agent may have nothing to do and nobody to watch before it is put to sleep. Default 0: for ever. */
  sleepAfterMs?: number | undefined;
  /** From 0 to 1; spreads the restarts of agents that failed together. Default: chance. */
  chance?: (() => number) | undefined;
}
