import type { SessionId } from '@baton/protocol';

/** How many agents may run at once; 0: as many as there are. */
export interface AgentLimits {
  inAll: number;
  perUser: number;
}

export const noLimits: AgentLimits = { inAll: 0, perUser: 0 };

/** One agent that waits for its place. */
export interface Ticket {
  sessionId: SessionId;
  user: string;
  /** The smallest goes first. Starts as `toKey` says; whoever moves a ticket changes it. */
  key: number;
  /** Milliseconds since the epoch; not admitted earlier. */
  notBefore: number;
}

/** Who has a place, and whose it is. */
export type Taken = ReadonlyMap<SessionId, string>;

/**
 * How far a background session stands behind where it came. It is what keeps it from starving, too: after so long nobody
 * who comes later goes before it.
 */
export const BACKGROUND_LAG_MS = 600_000;

export function toKey(now: number, background: boolean): number {
  return background ? now + BACKGROUND_LAG_MS : now;
}

/** Of those with the same key, who is named first came first. */
export function inOrder<T extends Ticket>(tickets: Iterable<T>): T[] {
  return [...tickets].toSorted((left, right) => left.key - right.key);
}

/** Which limit keeps an agent of this user from starting. */
export function findBlock(user: string, taken: Taken, { inAll, perUser }: AgentLimits): 'all' | 'user' | undefined {
  if (perUser > 0 && [...taken.values()].filter((each) => each === user).length >= perUser) return 'user';
  return inAll > 0 && taken.size >= inAll ? 'all' : undefined;
}

/** The next to start; those whose user has enough already hold nobody up. */
export function pickNext<T extends Ticket>(
  tickets: Iterable<T>,
  { taken, limits, now }: { taken: Taken; limits: AgentLimits; now: number },
): T | undefined {
  return inOrder(tickets).find(
    ({ user, notBefore }) => notBefore <= now && findBlock(user, taken, limits) === undefined,
  );
}

/** An agent that has nothing to do. */
export interface IdleAgent {
  sessionId: SessionId;
  /** Milliseconds since the epoch. */
  since: number;
}

/** Whose place is given to a ticket that waits: of those that would help it the one that was not used for longest. */
export function pickIdle(
  user: string,
  idle: readonly IdleAgent[],
  { taken, limits }: { taken: Taken; limits: AgentLimits },
): IdleAgent | undefined {
  const block = findBlock(user, taken, limits);
  if (block === undefined) return undefined;
  const helpful = idle.filter(({ sessionId }) => block === 'all' || taken.get(sessionId) === user);
  return helpful.toSorted((left, right) => left.since - right.since)[0];
}
