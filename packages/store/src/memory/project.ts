import type { EncodedAppend } from '../encoded-append.ts';
import type { InboxView } from '../inbox-change.ts';
import { readStoredJson, toStoredJson } from '../stored-json.ts';
import type { MemoryLog } from './memory-log.ts';

export function projectInbox(log: MemoryLog, { sessionId, inbox }: EncodedAppend): void {
  for (const change of inbox) {
    const row = log.inbox.get(change.id);
    if (change.type === 'opened' && !row) {
      log.ordinals += 1;
      const { id, kind, view } = change;
      log.inbox.set(id, { ordinal: log.ordinals, id, kind, sessionId, state: 'pending', view: toStoredJson(view) });
    }
    if (change.type === 'closed' && row?.sessionId === sessionId && row.state === 'pending') {
      const view = { ...readStoredJson<InboxView>(row.view), ...change.closing };
      log.inbox.set(row.id, { ...row, state: view.state, view: toStoredJson(view) });
    }
  }
}
