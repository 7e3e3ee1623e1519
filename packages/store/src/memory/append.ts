import type { Draft } from '@baton/core';
import type { SessionId } from '@baton/protocol';
import { type EncodedAppend, toReceiptConflict, toSeqConflict } from '../encoded-append.ts';
import type { MemoryLog, MemorySession } from './memory-log.ts';
import { projectInbox } from './project.ts';

/** All or nothing: everything that can refuse comes before the first change. */
export function applyAppend(log: MemoryLog, append: EncodedAppend): void {
  const session = log.sessions.get(append.sessionId);
  const lastSeq = session?.events.length ?? 0;
  if (lastSeq !== append.expectedSeq) throw toSeqConflict(append, lastSeq);
  const { receipt } = append;
  if (receipt && log.receipts.has(receipt.commandId)) throw toReceiptConflict(append, receipt.commandId);
  if (receipt) log.receipts.set(receipt.commandId, receipt.text);
  // A session exists from its first event on; before it there is only the receipt of a refusal.
  if (lastSeq + append.events.length > 0) writeSession(log, append, session);
}

function writeSession(log: MemoryLog, append: EncodedAppend, known: MemorySession | undefined): void {
  log.changes += 1;
  const { text: view, ...columns } = append.view;
  const session: MemorySession = {
    ...columns,
    view,
    id: append.sessionId,
    events: known?.events ?? [],
    changed: log.changes,
    env: append.env ?? known?.env,
    mark: append.mark ?? known?.mark,
    drafts: known?.drafts ?? new Map(),
  };
  session.events.push(...append.events.map((text, index) => ({ at: append.recorded[index]?.at ?? append.at, text })));
  log.sessions.set(append.sessionId, session);
  projectInbox(log, append);
  if (append.closedItems === 'all') session.drafts.clear();
  else for (const itemId of append.closedItems) session.drafts.delete(itemId);
}

export function applyDrafts(log: MemoryLog, sessionId: SessionId, drafts: readonly Draft[]): void {
  const session = log.sessions.get(sessionId);
  if (!session) return;
  for (const { itemId } of drafts) session.drafts.delete(itemId);
  for (const draft of drafts) {
    const others = session.drafts.get(draft.itemId)?.filter(({ field }) => field !== draft.field) ?? [];
    session.drafts.set(draft.itemId, [...others, { ...draft }]);
  }
}

export function applyDelete(log: MemoryLog, sessionId: SessionId): void {
  log.sessions.delete(sessionId);
  for (const row of log.inbox.values()) if (row.sessionId === sessionId) log.inbox.delete(row.id);
}
