import type { DatabaseSync } from 'node:sqlite';
import type { Draft } from '@baton/core';
import type { SessionId } from '@baton/protocol';
import { type EncodedAppend, toReceiptConflict, toSeqConflict } from '../encoded-append.ts';
import { prepareInboxProjection } from './project.ts';
import { prepareSessions } from './session-rows.ts';

/**
 * The writes to one session's rows, inside a transaction that `begin` and `finish` enclose.
 *
 * Each write runs in a savepoint of its own, so a throw in the middle leaves nothing.
 */
export interface Writes {
  begin(): void;
  append(append: EncodedAppend): void;
  saveDrafts(sessionId: SessionId, drafts: readonly Draft[]): void;
  deleteSession(sessionId: SessionId): void;
  finish(): void;
}

export function prepareWrites(db: DatabaseSync): Writes {
  const sessions = prepareSessions(db);
  const keepReceipt = db.prepare(
    'INSERT INTO receipts (command_id, at, receipt) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const keepEvent = db.prepare('INSERT INTO events (session_key, seq, at, event) VALUES (?, ?, ?, ?)');
  const keepEnv = db.prepare('INSERT OR REPLACE INTO environments (session_key, env) VALUES (?, ?)');
  const keepMark = db.prepare('INSERT OR REPLACE INTO marks (session_key, run, report) VALUES (?, ?, ?)');
  const projectInbox = prepareInboxProjection(db);
  const drafts = prepareDrafts(db);

  function append(encoded: EncodedAppend): void {
    const known = sessions.find(encoded.sessionId);
    const lastSeq = known?.seq ?? 0;
    if (lastSeq !== encoded.expectedSeq) throw toSeqConflict(encoded, lastSeq);
    writeReceipt(encoded);
    // A session exists from its first event on; before it there is only the receipt of a refusal.
    if (lastSeq + encoded.events.length === 0) return;
    const key = known?.key ?? sessions.insert(encoded);
    encoded.events.forEach((text, index) => {
      keepEvent.run(key, lastSeq + index + 1, encoded.recorded[index]?.at ?? encoded.at, text);
    });
    if (encoded.env !== undefined) keepEnv.run(key, encoded.env);
    if (encoded.mark !== undefined) keepMark.run(key, encoded.mark.run, encoded.mark.report);
    projectInbox(key, encoded.inbox);
    drafts.forget(key, encoded.closedItems);
    sessions.touch(key, encoded);
  }

  function writeReceipt(encoded: EncodedAppend): void {
    const { receipt, at } = encoded;
    if (!receipt) return;
    const { changes } = keepReceipt.run(receipt.commandId, at, receipt.text);
    if (changes === 0) throw toReceiptConflict(encoded, receipt.commandId);
  }

  return {
    begin: sessions.begin,
    append,
    saveDrafts(sessionId, texts) {
      const known = sessions.find(sessionId);
      if (known !== undefined) drafts.save(known.key, texts);
    },
    deleteSession: sessions.delete,
    finish: sessions.finish,
  };
}

interface DraftWrites {
  save(key: number, drafts: readonly Draft[]): void;
  forget(key: number, items: EncodedAppend['closedItems']): void;
}

function prepareDrafts(db: DatabaseSync): DraftWrites {
  const insert = db.prepare('INSERT OR REPLACE INTO drafts (session_key, item_id, field, text) VALUES (?, ?, ?, ?)');
  const deleteItem = db.prepare('DELETE FROM drafts WHERE session_key = ? AND item_id = ?');
  const deleteAll = db.prepare('DELETE FROM drafts WHERE session_key = ?');
  return {
    save(key, drafts) {
      for (const { itemId } of drafts) deleteItem.run(key, itemId);
      for (const { itemId, field, text } of drafts) insert.run(key, itemId, field, text);
    },
    forget(key, items) {
      if (items === 'all') deleteAll.run(key);
      else for (const itemId of items) deleteItem.run(key, itemId);
    },
  };
}
