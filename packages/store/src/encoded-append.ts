import type { Append, RunMark } from '@baton/core';
import { AppError, type CommandId, invariant, type ItemId, type RecordedEvent, type SessionId } from '@baton/protocol';
import { type InboxChange, toInboxChange } from './inbox-change.ts';
import { toSearchText } from './search-text.ts';
import { toStoredJson } from './stored-json.ts';

/** The columns a list filters and sorts by, beside the view itself. */
export interface ViewRow {
  text: string;
  state: string;
  backend: string;
  title: string;
  cwd: string;
  archived: boolean;
  /** Milliseconds since the epoch. */
  updatedAt: number;
}

/** An append as text, taken at the moment of the call: what the caller changes afterwards is not stored. */
export interface EncodedAppend {
  sessionId: SessionId;
  expectedSeq: number;
  at: string;
  recorded: RecordedEvent[];
  events: string[];
  view: ViewRow;
  inbox: InboxChange[];
  /** Items whose drafts are void now; all of the session's when a turn has ended. */
  closedItems: ItemId[] | 'all';
  receipt: { commandId: CommandId; text: string } | undefined;
  env: string | undefined;
  mark: RunMark | undefined;
  /** About how much is written, in characters. */
  size: number;
}

export function encodeAppend(append: Append): EncodedAppend {
  const { sessionId, expectedSeq, at, times, view, receipt, env, mark } = append;
  invariant(view.id === sessionId, 'an append carries the view of its own session');
  invariant(view.seq === expectedSeq + append.events.length, "the view's seq is that of the last event");
  invariant(times === undefined || times.length === append.events.length, 'each event has its time');
  const recorded = append.events.map((event, index) => ({
    sessionId,
    seq: expectedSeq + index + 1,
    at: times?.[index] ?? at,
    event,
  }));
  const events = append.events.map(toStoredJson);
  const viewRow = toViewRow(append);
  return {
    sessionId,
    expectedSeq,
    at,
    recorded,
    events,
    view: viewRow,
    inbox: recorded.map(toInboxChange).filter((change) => change !== undefined),
    closedItems: toClosedItems(append),
    receipt: receipt && { commandId: receipt.commandId, text: toStoredJson(receipt.receipt) },
    env: env && toStoredJson(env),
    mark: mark && { ...mark },
    size: events.reduce((sum, text) => sum + text.length, viewRow.text.length),
  };
}

/** The two refusals of every adapter, in the same words. */
export function toSeqConflict(append: EncodedAppend, lastSeq: number): AppError {
  const what = `Cannot append to session "${append.sessionId}" after event ${append.expectedSeq}`;
  return new AppError('store-conflict', `${what}: its last event is ${lastSeq}; read the session again`);
}

export function toReceiptConflict(append: EncodedAppend, commandId: CommandId): AppError {
  const what = `Cannot append to session "${append.sessionId}"`;
  return new AppError('store-conflict', `${what}: command "${commandId}" was already carried out; read its receipt`);
}

function toViewRow({ view }: Append): ViewRow {
  const updatedAt = Date.parse(view.updatedAt);
  invariant(!Number.isNaN(updatedAt), 'updatedAt of a view is a time');
  return {
    text: toStoredJson(view),
    state: view.state,
    backend: view.backend,
    title: toSearchText(view.title),
    cwd: toSearchText(view.cwd),
    archived: view.archived,
    updatedAt,
  };
}

function toClosedItems({ events }: Append): ItemId[] | 'all' {
  if (events.some((event) => event.type === 'turn.ended')) return 'all';
  return events.flatMap((event) => (event.type === 'item.ended' ? [event.itemId] : []));
}
