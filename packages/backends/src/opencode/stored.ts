import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { StoredSession, StoredSessionRef, StoredSessions } from '@baton/core';
import { AppError, isAppError } from '@baton/protocol';
import { type Pace, createPace } from '../stored/pace.ts';
import { toReadFault } from '../stored/read-fault.ts';
import { StoredLog } from '../stored/stored-log.ts';
import { toTitle } from '../stored/to-title.ts';
import { watchFolders } from '../stored/watch-folders.ts';
import { StoredConversation } from './stored-conversation.ts';
import { toListFault } from './list-fault.ts';
import { type SessionRow, type StoredMessage, type StoredRows, openRows } from './stored-rows.ts';

/** More subagents than this of one conversation are not read. */
const MAX_CHILDREN = 200;
/** The title a session has until OpenCode finds a better one. */
const UNTITLED = /^(?:New|Child) session - \d{4}-/;

/** The conversations in OpenCode's own database. `env` is what the agent would run with. */
export function createOpencodeStored({ env }: { env: Readonly<Record<string, string | undefined>> }): StoredSessions {
  const path = toDatabase(env);
  return {
    list: () => listSessions(path),
    read: (ref) => withRows(path, (rows) => readSession(rows, ref)),
    watch: (onChange) => watchFolders({ root: dirname(path), depth: 0, onChange }),
    // No `isLive`: OpenCode notes nowhere which process has which conversation open.
  };
}

function toDatabase(env: Readonly<Record<string, string | undefined>>): string {
  const data = env['XDG_DATA_HOME'] || join(env['HOME'] ?? env['USERPROFILE'] ?? homedir(), '.local', 'share');
  const folder = join(data, 'opencode');
  const named = env['OPENCODE_DB'];
  if (named === undefined || named === '' || named === ':memory:') return join(folder, 'opencode.db');
  return isAbsolute(named) ? named : join(folder, named);
}

async function* listSessions(path: string): AsyncGenerator<StoredSessionRef> {
  const rows = await openRows(path).catch((error: unknown) => {
    if (isAppError(error) && error.kind === 'not-found') return undefined;
    throw toListFault(path, error);
  });
  if (rows === undefined) return;
  try {
    for await (const row of rows.sessions(createPace())) {
      if (row.size > 0) yield { ref: row.id, version: toVersion(row), changedAt: toChangedAt(row) };
    }
  } catch (error) {
    throw toListFault(path, error);
  } finally {
    rows.close();
  }
}

const toChangedAt = (row: SessionRow) => Math.max(row.time_updated, row.touched ?? 0);
const toVersion = (row: SessionRow) => `${toChangedAt(row)}-${row.size}-${row.revert?.messageID ?? ''}`;

async function withRows<T>(path: string, work: (rows: StoredRows) => Promise<T>): Promise<T> {
  const rows = await openRows(path);
  try {
    return await work(rows);
  } catch (error) {
    throw toReadFault(path, error);
  } finally {
    rows.close();
  }
}

async function readSession(rows: StoredRows, ref: string): Promise<StoredSession | undefined> {
  const session = rows.session(ref);
  if (session === undefined) {
    throw new AppError('not-found', `OpenCode has no conversation "${ref.slice(0, 200)}" any more`);
  }
  if (session.parent_id !== null) return undefined;
  const pace = createPace();
  const messages = toKept(await rows.messages(session.id, pace), session.revert);
  const children = await readChildren(rows, messages, pace);
  const log = new StoredLog();
  const conversation = new StoredConversation(log, { session, messages, children });
  await pace.each(messages, (message) => conversation.write(message));
  conversation.finish();
  return toSession(session, log, conversation);
}

/** What is left after a revert: everything before the message, or before the part of it, that was taken back. */
function toKept(messages: readonly StoredMessage[], revert: SessionRow['revert']): StoredMessage[] {
  if (revert === null) return [...messages];
  const { messageID, partID } = revert;
  return messages.flatMap(({ info, parts }) => {
    if (info.id < messageID) return [{ info, parts }];
    if (info.id > messageID || partID === undefined) return [];
    return [{ info, parts: parts.filter((part) => part.id < partID) }];
  });
}

async function readChildren(
  rows: StoredRows,
  messages: readonly StoredMessage[],
  pace: Pace,
): Promise<Map<string, StoredMessage[]>> {
  const children = new Map<string, StoredMessage[]>();
  const waiting = messages.flatMap(toChildren);
  for (let id = waiting.shift(); id !== undefined && children.size < MAX_CHILDREN; id = waiting.shift()) {
    if (children.has(id)) continue;
    const found = await rows.messages(id, pace);
    children.set(id, found);
    waiting.push(...found.flatMap(toChildren));
  }
  return children;
}

function toChildren({ parts }: StoredMessage): string[] {
  return parts.flatMap((part) => {
    const id = part.type === 'tool' ? part.state.metadata['sessionId'] : undefined;
    return typeof id === 'string' ? [id] : [];
  });
}

function toSession(row: SessionRow, log: StoredLog, conversation: StoredConversation): StoredSession | undefined {
  const [first, last] = [log.events[0], log.events.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    nativeId: row.id,
    cwd: row.directory,
    title: (UNTITLED.test(row.title) ? undefined : toTitle(row.title)) ?? toTitle(conversation.firstPrompt),
    model: conversation.model ?? (row.model === null ? undefined : `${row.model.providerID}/${row.model.id}`),
    createdAt: first.at,
    updatedAt: last.at,
    usage: {
      inputTokens: Math.trunc(row.tokens_input),
      outputTokens: Math.trunc(row.tokens_output + row.tokens_reasoning),
      cacheReadTokens: Math.trunc(row.tokens_cache_read),
      cacheWriteTokens: Math.trunc(row.tokens_cache_write),
    },
    events: log.events,
  };
}
