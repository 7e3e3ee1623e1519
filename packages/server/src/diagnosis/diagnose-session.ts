import { checkInvariants, evolve, noSession, type SessionState, toSessionView } from '@baton/core';
import type { Finding, RecordedEvent, SessionView } from '@baton/protocol';

const MOST = 5;

export interface LoggedSession {
  id: string;
  view: SessionView;
  events: readonly RecordedEvent[];
}

/** Whether a session's log keeps its invariants (SPEC.md of core), and its stored view is what the log says. */
export function diagnoseSession({ id, view, events }: LoggedSession): Finding[] {
  const at = { id: `session:${id}`, title: 'Session', status: 'bad' } as const;
  const mend = `Keep a copy ("baton backup FILE"), then delete session ${id}, or restore a backup that is older than this`;
  const broken = [...readFaults(events), ...compareView(view, events)];
  return broken.slice(0, MOST).map((fault) => ({ ...at, detail: `"${id}": ${fault}`, mend }));
}

function readFaults(events: readonly RecordedEvent[]): string[] {
  const state = fold(events);
  if (typeof state === 'string') return [state];
  const log = events.map(({ event }) => event);
  return checkInvariants(log, state);
}

function compareView(view: SessionView, events: readonly RecordedEvent[]): string[] {
  const state = fold(events);
  if (typeof state === 'string' || state.status !== 'open') return [];
  const told = toSessionView(state);
  const differing = (['seq', 'state', 'title', 'archived'] as const).filter((field) => told[field] !== view[field]);
  return differing.map((field) => `the stored view says ${field} ${view[field]}, its log ${told[field]}`);
}

// A log that is broken badly can be one that the fold does not take.
function fold(events: readonly RecordedEvent[]): SessionState | string {
  try {
    return events.reduce<SessionState>(evolve, noSession);
  } catch (cause) {
    return `the log cannot be folded: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
