import type { SessionEvent, Usage } from '@baton/protocol';

/** Where one kind of agent stores its conversations: plain data, so that another thread than the server's can read them. */
export interface StoredPlace {
  /** Whose reader it takes. */
  agent: string;
  /** What the agent would run with; it says where its folder is. */
  env: Readonly<Record<string, string | undefined>>;
}

/** One stored conversation, before it is read. */
export interface StoredSessionRef {
  /** Where it is, in words that only its source understands; stable. */
  ref: string;
  /** Changes whenever what is stored changes (size and time of a file, say), so that only what changed is read again. */
  version: string;
  /** Milliseconds since the epoch of the last change, for "newest first". */
  changedAt: number;
}

/** One stored conversation as it was read. */
export interface StoredSession {
  /** The agent's own id, by which it is resumed. */
  nativeId: string;
  /** Absolute path of the folder it worked in; need not exist any more. */
  cwd: string;
  title?: string | undefined;
  model?: string | undefined;
  /** RFC 3339 UTC. */
  createdAt: string;
  updatedAt: string;
  usage?: Usage | undefined;
  /**
   * Its turns as Baton's own events, oldest first, each with its time (RFC 3339 UTC): only `turn.*`, `item.*` and `plan.updated`,
   * and so that the log's invariants hold: each turn and item that starts ends. Ids are stable: the same conversation read
   * again gives the same ids.
   */
  events: readonly { at: string; event: SessionEvent }[];
}

/**
 * What an agent stored by itself about its conversations. All methods only read, and never start the agent.
 *
 * - `list` reads names, sizes and times, no content. Yields in no order; a missing folder yields nothing.
 * - `read` rejects with `not-found` when it is gone and `invalid-input` when it is no conversation; a half-written last line is left out.
 *   Undefined: there is nothing in it that a person said or an agent did.
 * - `watch` calls back, possibly often and without saying what changed; the returned function ends it.
 * - `isLive`: whether a process outside Baton works on it now, by what the agent itself notes about its processes.
 */
export interface StoredSessions {
  list(): AsyncIterable<StoredSessionRef>;
  read(ref: string): Promise<StoredSession | undefined>;
  watch?(onChange: () => void): () => void;
  isLive?(nativeId: string): Promise<boolean>;
}
