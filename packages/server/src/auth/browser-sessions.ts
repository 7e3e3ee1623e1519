import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@baton/core';
import { AppError } from '@baton/protocol';
import { createSecret, hashSecret } from './secret.ts';

export const SESSION_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
const LIFE_MS = SESSION_DAYS * DAY_MS;

export interface BrowserSession {
  /** Names the session without being able to open it. */
  hash: string;
  /** True when the expiry was just moved, so that the browser's cookie must be renewed too. */
  renewed: boolean;
}

/** Signed-in browsers. Only hashes are kept; a session ends 30 days after it was last used. */
export interface BrowserSessions {
  /** A new session's token, told once. */
  create(): string;
  find(token: string): BrowserSession | undefined;
  delete(hash: string): void;
  close(): void;
}

/** `path` is a file, or `:memory:`. */
export function openBrowserSessions(path: string, clock: Clock): BrowserSessions {
  const database = open(path);
  const insert = database.prepare('INSERT INTO browser_session (hash, expires_at) VALUES (?, ?)');
  const select = database.prepare('SELECT expires_at AS expiresAt FROM browser_session WHERE hash = ?');
  const renew = database.prepare('UPDATE browser_session SET expires_at = ? WHERE hash = ?');
  const remove = database.prepare('DELETE FROM browser_session WHERE hash = ?');
  const sweep = database.prepare('DELETE FROM browser_session WHERE expires_at <= ?');

  // A disk that is full or read-only must not sign anybody out: the next request tries again.
  function tryRenew(hash: string): boolean {
    try {
      renew.run(clock.now() + LIFE_MS, hash);
      return true;
    } catch {
      return false;
    }
  }

  return {
    create() {
      const token = createSecret('brw');
      try {
        sweep.run(clock.now());
        insert.run(toKey(token), clock.now() + LIFE_MS);
      } catch (cause) {
        throw toFault('Cannot sign in', cause);
      }
      return token;
    },
    find(token) {
      const hash = toKey(token);
      const expiresAt = Number(select.get(hash)?.['expiresAt'] ?? 0);
      if (expiresAt <= clock.now()) return undefined;
      // Sliding, but at most one write a day.
      const due = expiresAt - clock.now() < LIFE_MS - DAY_MS;
      return { hash, renewed: due && tryRenew(hash) };
    },
    delete(hash) {
      try {
        remove.run(hash);
      } catch (cause) {
        throw toFault('Cannot sign out', cause);
      }
    },
    close() {
      database.close();
    },
  };
}

function open(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    if (path !== ':memory:' && process.platform !== 'win32') chmodSync(path, 0o600);
    database.exec(`PRAGMA busy_timeout = 1000;
      CREATE TABLE IF NOT EXISTS browser_session (hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`);
    return database;
  } catch (cause) {
    database?.close();
    throw toFault(`Cannot open "${path}"`, cause);
  }
}

const SQLITE_FULL = 13;

function toFault(what: string, cause: unknown): AppError {
  const isFull = cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_FULL;
  const reason = isFull ? 'the disk is full; free some space' : 'the data folder cannot be written; see to it';
  return new AppError(isFull ? 'disk-full' : 'store-unavailable', `${what}: ${reason} and try again`, {}, { cause });
}

function toKey(token: string): string {
  return hashSecret(token).toString('hex');
}
