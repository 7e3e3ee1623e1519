import type { DatabaseSync } from 'node:sqlite';
import type { SessionId } from '@baton/protocol';
import type { EncodedAppend } from '../encoded-append.ts';
import { toNumber } from './column.ts';

interface KnownSession {
  key: number;
  seq: number;
}

/** The last append to a session in this transaction; its view is the one to keep. */
interface TouchedSession extends KnownSession {
  last: EncodedAppend;
  written: boolean;
}

/**
 * The rows of `sessions` and `views`, written once per session and transaction however many appends share it:
 * they are the widest part of an append, and only the last of them stays.
 */
export interface SessionRows {
  begin(): void;
  find(sessionId: SessionId): KnownSession | undefined;
  /** Makes the rows of a new session and answers its key. */
  insert(append: EncodedAppend): number;
  /** The append has succeeded: its view is kept at the end, unless another follows. */
  touch(key: number, append: EncodedAppend): void;
  delete(sessionId: SessionId): void;
  finish(): void;
}

export function prepareSessions(db: DatabaseSync): SessionRows {
  const find = db.prepare('SELECT key, seq FROM sessions WHERE id = ?');
  const remove = db.prepare('DELETE FROM sessions WHERE id = ?');
  const countChange = db.prepare('UPDATE log SET changes = changes + 1 RETURNING changes');
  const rows = prepareRows(db);
  const touched = new Map<SessionId, TouchedSession>();
  let change = 0;
  return {
    begin() {
      touched.clear();
      change = toNumber(countChange.get()?.changes);
    },
    find(sessionId) {
      const known = touched.get(sessionId);
      if (known) return known;
      const row = find.get(sessionId);
      return row && { key: toNumber(row.key), seq: toNumber(row.seq) };
    },
    insert: (append) => rows.insert(append, change),
    touch(key, last) {
      const seq = last.expectedSeq + last.events.length;
      const isNew = last.expectedSeq === 0 && seq > 0;
      touched.set(last.sessionId, { key, seq, last, written: isNew });
    },
    delete(sessionId) {
      remove.run(sessionId);
      touched.delete(sessionId);
    },
    finish() {
      for (const { key, last, written } of touched.values()) if (!written) rows.update(last, { key, change });
      touched.clear();
    },
  };
}

interface RowWrites {
  insert(append: EncodedAppend, change: number): number;
  update(append: EncodedAppend, at: { key: number; change: number }): void;
}

function prepareRows(db: DatabaseSync): RowWrites {
  const columns = 'seq, state, backend, title, cwd, archived, updated_at, changed';
  const insert = db.prepare(`INSERT INTO sessions (${columns}, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const update = db.prepare(`UPDATE sessions SET (${columns}) = (?, ?, ?, ?, ?, ?, ?, ?) WHERE key = ?`);
  const insertView = db.prepare('INSERT INTO views (view, session_key) VALUES (?, ?)');
  const updateView = db.prepare('UPDATE views SET view = ? WHERE session_key = ?');
  return {
    insert(append, change) {
      const key = Number(insert.run(...toColumns(append, change), append.sessionId).lastInsertRowid);
      insertView.run(append.view.text, key);
      return key;
    },
    update(append, { key, change }) {
      update.run(...toColumns(append, change), key);
      updateView.run(append.view.text, key);
    },
  };
}

function toColumns({ expectedSeq, events, view }: EncodedAppend, change: number) {
  const { state, backend, title, cwd, archived, updatedAt } = view;
  return [expectedSeq + events.length, state, backend, title, cwd, archived ? 1 : 0, updatedAt, change] as const;
}
