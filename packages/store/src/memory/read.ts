import type { Draft, InboxQuery, Page, ReadOptions, SessionQuery } from '@baton/core';
import type { RecordedEvent, SessionId, SessionView } from '@baton/protocol';
import { parseInboxCursor, parseSessionCursor, type SessionCursor, toInboxCursor, toSessionCursor } from '../cursor.ts';
import { PAGE_BYTES } from '../page-bytes.ts';
import type { InboxKind } from '../inbox-change.ts';
import { isUnsettled } from '../unsettled.ts';
import { toSearchText } from '../search-text.ts';
import { readStoredJson } from '../stored-json.ts';
import type { MemoryLog, MemorySession } from './memory-log.ts';

export function readEvents(log: MemoryLog, sessionId: SessionId, { after, limit }: ReadOptions): RecordedEvent[] {
  const events = log.sessions.get(sessionId)?.events ?? [];
  const first = Math.max(0, after);
  const page = toPage(events.slice(first, first + Math.max(0, limit)));
  return page.map(({ at, text }, index) => ({
    sessionId,
    seq: first + index + 1,
    at,
    event: readStoredJson<RecordedEvent['event']>(text),
  }));
}

function toPage<T extends { text: string }>(events: readonly T[]): readonly T[] {
  let size = 0;
  const last = events.findIndex(({ text }) => {
    size += text.length;
    return size >= PAGE_BYTES;
  });
  return last === -1 ? events : events.slice(0, last + 1);
}

export function readDrafts(log: MemoryLog, sessionId: SessionId): Draft[] {
  const drafts = log.sessions.get(sessionId)?.drafts ?? new Map<string, Draft[]>();
  return [...drafts.values()].flat().map((draft) => ({ ...draft }));
}

export function listSessions(log: MemoryLog, query: SessionQuery): Page<SessionView> {
  const cursor = query.cursor === undefined ? undefined : parseSessionCursor(query.cursor);
  const asOf = cursor?.asOf ?? log.changes;
  const found = [...log.sessions.values()].filter((session) => isWanted(session, query) && session.changed <= asOf);
  const rest = found.sort(byActivity).filter((session) => !cursor || isAfter(session, cursor));
  const shown = rest.slice(0, Math.max(0, query.limit));
  const items = shown.map(({ view }) => readStoredJson<SessionView>(view));
  const last = shown.at(-1);
  if (!last || rest.length === shown.length) return { items };
  return { items, cursor: toSessionCursor({ asOf, updatedAt: last.updatedAt, id: last.id }) };
}

function isWanted(session: MemorySession, { state, backend, q, archived }: SessionQuery): boolean {
  if (session.archived !== (archived ?? false)) return false;
  if (state !== undefined && session.state !== state) return false;
  if (backend !== undefined && session.backend !== backend) return false;
  const words = toSearchText(q ?? '');
  return session.title.includes(words) || session.cwd.includes(words);
}

function byActivity(one: MemorySession, other: MemorySession): number {
  return other.updatedAt - one.updatedAt || (one.id < other.id ? -1 : 1);
}

function isAfter(session: MemorySession, cursor: SessionCursor): boolean {
  return session.updatedAt < cursor.updatedAt || (session.updatedAt === cursor.updatedAt && session.id > cursor.id);
}

export function listInbox<T>(log: MemoryLog, kind: InboxKind, { state, limit, cursor }: InboxQuery): Page<T> {
  const before = cursor === undefined ? Number.POSITIVE_INFINITY : parseInboxCursor(cursor);
  const rows = [...log.inbox.values()].reverse().filter((row) => {
    return row.kind === kind && row.ordinal < before && (state === undefined || row.state === state);
  });
  const shown = rows.slice(0, Math.max(0, limit));
  const items = shown.map(({ view }) => readStoredJson<T>(view));
  const last = shown.at(-1);
  return last && rows.length > shown.length ? { items, cursor: toInboxCursor(last.ordinal) } : { items };
}

export function readInbox<T>(log: MemoryLog, kind: InboxKind, id: string): T | undefined {
  const row = log.inbox.get(id);
  return row?.kind === kind ? readStoredJson<T>(row.view) : undefined;
}

export function listUnsettled(log: MemoryLog): string[] {
  const unsettled = [...log.sessions.values()].filter(({ state }) => isUnsettled(state));
  return unsettled.map(({ id }) => id).sort();
}
