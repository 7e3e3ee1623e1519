import type { SessionView } from '@baton/protocol';

export const LANES = ['needs-you', 'working', 'quiet'] as const;
export type Lane = (typeof LANES)[number];

export const LANE_TITLES: Record<Lane, string> = { 'needs-you': 'Needs you', working: 'Working', quiet: 'Quiet' };

/** Where a session stands for its user. A failed one is quiet: it waits for nothing, and its mark says that it failed. */
export function toLane(session: SessionView): Lane {
  const { approvals, questions } = session.pending;
  if (session.state === 'waiting' || approvals.length > 0 || questions.length > 0) return 'needs-you';
  return session.state === 'running' || session.state === 'starting' ? 'working' : 'quiet';
}

export type Layout = Record<Lane, readonly string[]>;

/** Ids by lane. Who waits longest comes first; working ones keep the order of their start, and those that wait for a place come after them, the next one first; quiet ones have the newest first. */
export function toLayout(sessions: readonly SessionView[]): Layout {
  const lanes: Record<Lane, SessionView[]> = { 'needs-you': [], working: [], quiet: [] };
  for (const session of sessions) lanes[toLane(session)].push(session);
  return {
    'needs-you': toIds(lanes['needs-you'], (a, b) => compare(waitingSince(a), waitingSince(b))),
    working: toIds(lanes.working, (a, b) => byPlace(a, b) || compare(workingSince(b), workingSince(a))),
    quiet: toIds(lanes.quiet, (a, b) => compare(b.updatedAt, a.updatedAt)),
  };
}

function toIds(sessions: SessionView[], order: (a: SessionView, b: SessionView) => number): string[] {
  return sessions.sort((a, b) => order(a, b) || compare(b.id, a.id)).map((session) => session.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function waitingSince(session: SessionView): string {
  const moments = [
    ...session.pending.approvals.map((approval) => approval.requestedAt),
    ...session.pending.questions.map((question) => question.askedAt),
  ];
  return moments.sort()[0] ?? session.updatedAt;
}

// Who works has no place in the queue and comes before all that have one.
function byPlace(a: SessionView, b: SessionView): number {
  return (a.waiting?.position ?? 0) - (b.waiting?.position ?? 0);
}

function workingSince(session: SessionView): string {
  return session.turn?.startedAt ?? session.createdAt;
}

/** How many sessions wait for a place to start in. */
export function countQueued(sessions: readonly Pick<SessionView, 'waiting'>[]): number {
  return sessions.filter(({ waiting }) => waiting !== undefined).length;
}

/** How many things wait for a person: the number in the title, on the icon and on the badge. */
export function countWaiting(inbox: { approvals: readonly unknown[]; questions: readonly unknown[] }): number {
  return inbox.approvals.length + inbox.questions.length;
}
