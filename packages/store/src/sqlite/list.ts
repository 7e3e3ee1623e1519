import type { DatabaseSync } from 'node:sqlite';
import type { InboxQuery, Page, SessionQuery } from '@baton/core';
import type { SessionView } from '@baton/protocol';
import { parseInboxCursor, parseSessionCursor, type SessionCursor, toInboxCursor, toSessionCursor } from '../cursor.ts';
import type { InboxKind } from '../inbox-change.ts';
import { toSearchText } from '../search-text.ts';
import { readStoredJson } from '../stored-json.ts';
import { toNumber, toText } from './column.ts';

// One statement for every mix of filters: the index gives the order, an absent filter is NULL.
const SELECT_SESSIONS = `
  SELECT id, updated_at, view
  FROM sessions CROSS JOIN views ON session_key = key
  WHERE archived = :archived
    AND updated_at <= :updatedAt AND (updated_at < :updatedAt OR id > :id)
    AND changed <= :asOf
    AND (:state IS NULL OR state = :state)
    AND (:backend IS NULL OR backend = :backend)
    AND (:q IS NULL OR instr(title, :q) > 0 OR instr(cwd, :q) > 0)
  ORDER BY updated_at DESC, id
  LIMIT :limit`;

// Two statements: only a plain comparison finds the pending ones among all that ever were by the index, and the plus keeps
// the other from it, because by ordinal it needs no sorting.
const SELECT_INBOX = toSelectInbox('+kind = :kind');
const SELECT_INBOX_OF_STATE = toSelectInbox('kind = :kind AND state = :state');

function toSelectInbox(filter: string): string {
  return `SELECT ordinal, view FROM inbox WHERE ${filter} AND ordinal < :before ORDER BY ordinal DESC LIMIT :limit`;
}

export interface Lists {
  sessions(query: SessionQuery): Page<SessionView>;
  inbox<T>(kind: InboxKind, query: InboxQuery): Page<T>;
  readInbox<T>(kind: InboxKind, id: string): T | undefined;
}

export function prepareLists(db: DatabaseSync): Lists {
  const selectAll = db.prepare(SELECT_INBOX);
  const selectOfState = db.prepare(SELECT_INBOX_OF_STATE);
  const findInbox = db.prepare('SELECT view FROM inbox WHERE id = ? AND kind = ?');
  return {
    sessions: prepareListSessions(db),
    inbox<T>(kind: InboxKind, { state, limit, cursor }: InboxQuery) {
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : parseInboxCursor(cursor);
      const asked = { kind, before, limit: Math.max(0, limit) + 1 };
      const rows = state === undefined ? selectAll.all(asked) : selectOfState.all({ ...asked, state });
      const { shown, last } = toPageRows(rows, limit);
      const items = shown.map((row) => readStoredJson<T>(toText(row.view)));
      return last === undefined ? { items } : { items, cursor: toInboxCursor(toNumber(last.ordinal)) };
    },
    readInbox<T>(kind: InboxKind, id: string) {
      const row = findInbox.get(id, kind);
      return row === undefined ? undefined : readStoredJson<T>(toText(row.view));
    },
  };
}

function prepareListSessions(db: DatabaseSync): Lists['sessions'] {
  const select = db.prepare(SELECT_SESSIONS);
  const countChanges = db.prepare('SELECT changes FROM log');
  function toStart(): SessionCursor {
    return { asOf: toNumber(countChanges.get()?.changes), updatedAt: Number.MAX_SAFE_INTEGER, id: '' };
  }
  return ({ state, backend, q, archived, limit, cursor }) => {
    const from = cursor === undefined ? toStart() : parseSessionCursor(cursor);
    const rows = select.all({
      ...from,
      archived: archived === true ? 1 : 0,
      state: state ?? null,
      backend: backend ?? null,
      q: q === undefined ? null : toSearchText(q),
      limit: Math.max(0, limit) + 1,
    });
    const { shown, last } = toPageRows(rows, limit);
    const items = shown.map((row) => readStoredJson<SessionView>(toText(row.view)));
    if (last === undefined) return { items };
    const next = { asOf: from.asOf, updatedAt: toNumber(last.updated_at), id: toText(last.id) };
    return { items, cursor: toSessionCursor(next) };
  };
}

// One row more than asked for was read: it only tells that there is more, and then `last` is where to go on.
function toPageRows<R>(rows: R[], limit: number): { shown: R[]; last: R | undefined } {
  const shown = rows.slice(0, Math.max(0, limit));
  return { shown, last: rows.length > shown.length ? shown.at(-1) : undefined };
}
