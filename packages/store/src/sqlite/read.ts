import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Draft, ReadOptions, RunMark } from '@baton/core';
import {
  type CommandId,
  deltaFieldSchema,
  itemIdSchema,
  type RecordedEvent,
  type SessionEvent,
  type SessionId,
  sessionIdSchema,
  type SessionView,
} from '@baton/protocol';
import { PAGE_BYTES } from '../page-bytes.ts';
import { readStoredJson } from '../stored-json.ts';
import { UNSETTLED_STATES } from '../unsettled.ts';
import { toNumber, toText } from './column.ts';

export interface Reads {
  events(sessionId: SessionId, options: ReadOptions): RecordedEvent[];
  lastSeq(sessionId: SessionId): number;
  receipt(commandId: CommandId): unknown;
  view(sessionId: SessionId): SessionView | undefined;
  env(sessionId: SessionId): Record<string, string>;
  mark(sessionId: SessionId): RunMark | undefined;
  drafts(sessionId: SessionId): Draft[];
  unsettled(): SessionId[];
  logId(): string;
}

export function prepareReads(db: DatabaseSync): Reads {
  const lastSeq = db.prepare('SELECT seq FROM sessions WHERE id = ?');
  const receipt = db.prepare('SELECT receipt FROM receipts WHERE command_id = ?');
  const view = db.prepare('SELECT view FROM views JOIN sessions ON key = session_key WHERE id = ?');
  const env = db.prepare('SELECT env FROM environments JOIN sessions ON key = session_key WHERE id = ?');
  const mark = db.prepare('SELECT run, report FROM marks JOIN sessions ON key = session_key WHERE id = ?');
  const drafts = db.prepare('SELECT item_id, field, text FROM drafts JOIN sessions ON key = session_key WHERE id = ?');
  const states = UNSETTLED_STATES.map((state) => `'${state}'`).join(', ');
  const unsettled = db.prepare(`SELECT id FROM sessions WHERE state IN (${states}) ORDER BY id`);
  const logId = db.prepare('SELECT log_id FROM log');
  return {
    events: prepareReadEvents(db),
    lastSeq: (sessionId) => toNumber(lastSeq.get(sessionId)?.seq ?? 0),
    receipt: (commandId) => readJsonColumn(receipt.get(commandId)?.receipt),
    view: (sessionId) => readJsonColumn<SessionView>(view.get(sessionId)?.view),
    env: (sessionId) => readJsonColumn<Record<string, string>>(env.get(sessionId)?.env) ?? {},
    mark(sessionId) {
      const row = mark.get(sessionId);
      return row && { run: toText(row['run']), report: toNumber(row['report']) };
    },
    drafts: (sessionId) =>
      drafts.all(sessionId).map((row) => ({
        itemId: itemIdSchema.parse(row.item_id),
        field: deltaFieldSchema.parse(row.field),
        text: toText(row.text),
      })),
    unsettled: () => unsettled.all().map((row) => sessionIdSchema.parse(row.id)),
    logId: () => toText(logId.get()?.log_id),
  };
}

// The hot path of every replay: rows as arrays, all at once, no validation of what we wrote ourselves.
function prepareReadEvents(db: DatabaseSync): Reads['events'] {
  const findKey = db.prepare('SELECT key FROM sessions WHERE id = ?');
  const select = db.prepare('SELECT seq, at, event FROM events WHERE session_key = ? AND seq > ? ORDER BY seq LIMIT ?');
  select.setReturnArrays(true);
  // From the header of each row alone: its text is not read.
  const measure = db.prepare(`SELECT total(size) AS size FROM (
    SELECT octet_length(event) AS size FROM events WHERE session_key = ? AND seq > ? ORDER BY seq LIMIT ?)`);
  return (sessionId, { after, limit }) => {
    const found = findKey.get(sessionId);
    if (found === undefined) return [];
    const wanted = [toNumber(found.key), after, Math.max(0, limit)] as const;
    const isSmall = Number(measure.get(...wanted)?.size) <= PAGE_BYTES;
    const rows = isSmall ? select.all(...wanted) : toPage(select.iterate(...wanted));
    return rows.map((row) => ({
      sessionId,
      seq: toNumber(row[0]),
      at: toText(row[1]),
      event: readStoredJson<SessionEvent>(toText(row[2])),
    }));
  };
}

type Row = ReturnType<StatementSync['all']>[number];

function toPage(rows: Iterable<Row>): Row[] {
  const page: Row[] = [];
  let size = 0;
  for (const row of rows) {
    page.push(row);
    size += toText(row[2]).length;
    if (size >= PAGE_BYTES) break;
  }
  return page;
}

function readJsonColumn<T>(column: Parameters<typeof toText>[0]): T | undefined {
  return column === undefined ? undefined : readStoredJson<T>(toText(column));
}
