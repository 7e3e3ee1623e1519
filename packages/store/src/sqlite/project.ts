import type { DatabaseSync } from 'node:sqlite';
import type { InboxChange, InboxView } from '../inbox-change.ts';
import { readStoredJson, toStoredJson } from '../stored-json.ts';
import { toText } from './column.ts';

export function prepareInboxProjection(db: DatabaseSync): (sessionKey: number, changes: InboxChange[]) => void {
  const open = db.prepare(
    "INSERT INTO inbox (id, kind, session_key, state, view) VALUES (?, ?, ?, 'pending', ?) ON CONFLICT DO NOTHING",
  );
  const find = db.prepare("SELECT view FROM inbox WHERE id = ? AND session_key = ? AND state = 'pending'");
  const close = db.prepare('UPDATE inbox SET state = ?, view = ? WHERE id = ?');
  return (sessionKey, changes) => {
    for (const change of changes) {
      if (change.type === 'opened') {
        open.run(change.id, change.kind, sessionKey, toStoredJson(change.view));
        continue;
      }
      const row = find.get(change.id, sessionKey);
      if (row === undefined) continue;
      const view = { ...readStoredJson<InboxView>(toText(row.view)), ...change.closing };
      close.run(view.state, toStoredJson(view), change.id);
    }
  };
}
