import type { Capability } from '@baton/protocol';
import type { StoredSession } from './stored-sessions.ts';

/** A conversation as its agent tells of it; what was said in it only the agent can read. */
export interface ToldConversation {
  /** The agent's own id, by which it is read and resumed. */
  nativeId: string;
  /** Absolute path of the folder it worked in; need not exist any more. */
  cwd: string;
  /** One line for a list. */
  title?: string | undefined;
  /** RFC 3339 UTC; absent: the agent does not say. */
  updatedAt?: string | undefined;
}

/** What an agent told when it was asked which conversations it keeps. Plain data: it may cross to another process. */
export interface ToldConversations {
  /** Each id once. */
  conversations: readonly ToldConversation[];
  /** How many it told of that cannot be taken over, because they have no id or no absolute folder. */
  leftOut: number;
  /** It told of these folders alone, and of others nothing is known; absent: of all there are. */
  folders?: readonly string[] | undefined;
  /** Why the list is not whole, in one sentence; absent: it is. */
  problem?: string | undefined;
}

/** What an agent said of itself, and that stays true of it. Plain data. */
export interface AgentSaid {
  version?: string | undefined;
  /** Of those that it tells of; the others are not known by this. */
  capabilities: readonly Capability[];
}

/**
 * What an agent says that belongs to no session: of itself, and of the conversations it keeps. Never stored as an event; may be
 * said again, and changes nothing then.
 */
export interface AgentTold {
  type: 'agent.told';
  said?: AgentSaid | undefined;
  conversations?: ToldConversations | undefined;
}

/**
 * Asks an agent for the conversations that it keeps. Each call starts it, and has ended it with all its processes before it
 * settles, whatever the agent does; both are bounded in time and in what they take. Nothing is asked of a model, and no
 * conversation is changed.
 *
 * - `list`: `folders` are asked for one by one where the agent tells only of the folder it runs in. Rejects when it does not
 *   start, does not know how, or refuses; a list that ends in a fault is not whole, and says so.
 * - `read` rejects with the agent's own reason. Undefined: there is nothing in it that a person said or an agent did.
 * - An `AppError` of kind `capability-missing`: it spoke, and cannot.
 */
export interface ConversationKeeper {
  list(query: { folders: readonly string[]; signal: AbortSignal }): Promise<ToldConversations>;
  read(conversation: ToldConversation, signal: AbortSignal): Promise<StoredSession | undefined>;
}
