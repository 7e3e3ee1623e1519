import { stat } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import type { Pace } from '../stored/pace.ts';
import { toReadFault } from '../stored/read-fault.ts';
import { type NativeMessage, type NativePart, type NativeToolPart, messageSchema, partSchema } from './wire.ts';

/** What we ask of the database; made by `openRows`, closed by whoever opened it. */
export interface StoredRows {
  sessions(pace: Pace): AsyncGenerator<SessionRow>;
  session(id: string): SessionRow | undefined;
  /** A session's messages with their parts, oldest first; damaged ones are left out. */
  messages(sessionId: string, pace: Pace): Promise<StoredMessage[]>;
  close(): void;
}

export interface StoredMessage {
  info: NativeMessage;
  parts: StoredPart[];
}
export type StoredPart = NativePart | StoredTool | StoredFile;
export type StoredTool = NativeToolPart & { times: z.infer<typeof timesSchema> };

const timesSchema = z.object({ start: z.unknown().optional(), end: z.unknown().optional() }).catch({});

const fileSchema = z.object({
  id: z.string(),
  type: z.literal('file'),
  mime: z.string().default(''),
  url: z.string(),
  filename: z.string().optional(),
});
export type StoredFile = z.infer<typeof fileSchema> & { messageID: string; sessionID: string };

const json = z.string().transform((text) => {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
});
const count = z.number().nonnegative().catch(0);
const sessionRowSchema = z.object({
  id: z.string(),
  parent_id: z.string().nullable().catch(null),
  directory: z.string(),
  title: z.string().catch(''),
  time_created: z.number(),
  time_updated: z.number(),
  touched: z.number().nullable().catch(null),
  size: count,
  tokens_input: count,
  tokens_output: count,
  tokens_reasoning: count,
  tokens_cache_read: count,
  tokens_cache_write: count,
  model: json
    .pipe(z.object({ id: z.string(), providerID: z.string() }))
    .nullable()
    .catch(null),
  revert: json
    .pipe(z.object({ messageID: z.string(), partID: z.string().optional() }))
    .nullable()
    .catch(null),
});
export type SessionRow = z.infer<typeof sessionRowSchema>;

const messageRowSchema = z.object({ id: z.string(), session_id: z.string(), data: json.pipe(z.looseObject({})) });
const partRowSchema = messageRowSchema.extend({ message_id: z.string() });

// What the session itself does not tell: its messages change after it did.
const SESSIONS = `SELECT *,
  (SELECT max(time_updated) FROM message WHERE session_id = session.id) AS touched,
  (SELECT count(*) FROM message WHERE session_id = session.id) AS size FROM session`;

/** Opens the database for reading only, without making the files beside it that SQLite likes to make. */
export async function openRows(path: string): Promise<StoredRows> {
  const sqlite = await import('node:sqlite');
  const url = pathToFileURL(path);
  url.searchParams.set('mode', 'ro');
  const log = await stat(`${path}-wal`).catch((): undefined => undefined);
  // Nobody has it open when there is no log; then nothing changes, and no lock is needed.
  url.searchParams.set(log === undefined ? 'immutable' : 'readonly_shm', '1');
  try {
    await stat(path);
    return createRows(new sqlite.DatabaseSync(url, { readOnly: true }));
  } catch (error) {
    throw toReadFault(path, error);
  }
}

function createRows(database: DatabaseSync): StoredRows {
  return {
    async *sessions(pace) {
      const rows = database.prepare(`${SESSIONS} WHERE parent_id IS NULL AND time_archived IS NULL`).iterate();
      for (const row of rows) {
        const parsed = sessionRowSchema.safeParse(row);
        if (parsed.success) yield parsed.data;
        if (pace.isDue()) await pace.rest();
      }
    },
    session(id) {
      const row = database.prepare(`${SESSIONS} WHERE id = ?`).get(id);
      return sessionRowSchema.safeParse(row).data;
    },
    messages: (sessionId, pace) => readMessages(database, sessionId, pace),
    close: () => database.close(),
  };
}

async function readMessages(database: DatabaseSync, sessionId: string, pace: Pace): Promise<StoredMessage[]> {
  const messages = new Map<string, StoredMessage>();
  for (const row of database.prepare('SELECT * FROM message WHERE session_id = ? ORDER BY id').iterate(sessionId)) {
    const info = toMessage(row);
    if (info !== undefined) messages.set(info.id, { info, parts: [] });
    if (pace.isDue()) await pace.rest();
  }
  const parts = database.prepare('SELECT * FROM part WHERE session_id = ? ORDER BY message_id, id').iterate(sessionId);
  for (const row of parts) {
    const part = toPart(row);
    if (part !== undefined) messages.get(part.messageID)?.parts.push(part);
    if (pace.isDue()) await pace.rest();
  }
  return [...messages.values()];
}

function toMessage(row: unknown): NativeMessage | undefined {
  const parsed = messageRowSchema.safeParse(row);
  if (!parsed.success) return undefined;
  const { id, session_id: sessionID, data } = parsed.data;
  return messageSchema.safeParse({ ...data, id, sessionID }).data;
}

function toPart(row: unknown): StoredPart | undefined {
  const parsed = partRowSchema.safeParse(row);
  if (!parsed.success) return undefined;
  const { id, session_id: sessionID, message_id: messageID, data } = parsed.data;
  const place = { id, sessionID, messageID };
  const file = fileSchema.safeParse({ ...data, id });
  if (file.success) return { ...file.data, ...place };
  const part = partSchema.safeParse({ ...data, ...place }).data;
  return part?.type === 'tool' ? { ...part, times: toTimes(data['state']) } : part;
}

function toTimes(state: unknown): StoredTool['times'] {
  return timesSchema.parse(typeof state === 'object' && state !== null && 'time' in state ? state.time : {});
}
