import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError, parseJson, toDiskFault } from '@baton/protocol';
import { z } from 'zod';

const serverFileSchema = z.object({ pid: z.int(), url: z.string(), startedAt: z.string(), version: z.string() });
/** What `<data>/server.json` says of the running server. Other programs find it by this. */
export type ServerFile = z.infer<typeof serverFileSchema>;

export interface DataLock {
  /** Writes `server.json`, once the address is known. */
  announce(file: ServerFile): void;
  /** Removes `server.json` and `server.pid` and lets the next server in. Idempotent. */
  release(): void;
}

// An open database that nothing refers to is closed with the garbage, and its lock is gone.
const held = new Set<DatabaseSync>();
const LOCK_NAME = 'server.lock';
const FILE_NAME = 'server.json';
const PID_NAME = 'server.pid';

/**
 * Takes the data folder for this process alone, which `server.pid` names; throws `conflict` naming the server that holds it.
 *
 * The lock is the operating system's, held through an open SQLite transaction: it ends with the process, however the
 * process ends, and no stale file has to be judged.
 */
export function lockDataDir(dataDir: string): DataLock {
  const database = openLocked(dataDir);
  held.add(database);
  writeFileSync(join(dataDir, PID_NAME), `${process.pid}\n`, { mode: 0o600 });
  return {
    announce(file) {
      // Whole or not at all: others read it while it is written.
      const draft = join(dataDir, `${FILE_NAME}.new`);
      try {
        writeFileSync(draft, `${JSON.stringify(file)}\n`, { mode: 0o600 });
        renameSync(draft, join(dataDir, FILE_NAME));
      } catch (cause) {
        rmSync(draft, { force: true });
        throw toDiskFault(`Cannot write "${join(dataDir, FILE_NAME)}"`, cause);
      }
    },
    release() {
      if (!held.delete(database)) return;
      for (const name of [FILE_NAME, PID_NAME]) rmSync(join(dataDir, name), { force: true });
      database.close();
    },
  };
}

function openLocked(dataDir: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(dataDir, LOCK_NAME));
    database.exec('PRAGMA busy_timeout = 300; BEGIN EXCLUSIVE');
    return database;
  } catch (cause) {
    database?.close();
    throw toLockError(dataDir, cause);
  }
}

/** The server that runs, or last ran, on this folder; absent when none or when the file makes no sense. */
export function readServerFile(dataDir: string): ServerFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDir, FILE_NAME), 'utf8');
  } catch {
    return undefined;
  }
  const json = parseJson(text);
  const parsed = serverFileSchema.safeParse(json.ok ? json.value : undefined);
  return parsed.success ? parsed.data : undefined;
}

function toLockError(dataDir: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (!/locked|busy/i.test(reason)) {
    const mend = 'See whether its disk is full or read-only, and whether this user may write there';
    const message = `Cannot lock the data folder "${dataDir}": ${reason}. ${mend}`;
    return new AppError('store-unavailable', message, {}, { cause });
  }
  const file = readServerFile(dataDir);
  const who = file === undefined ? 'another Baton server' : `the Baton server with pid ${file.pid} at ${file.url}`;
  return new AppError(
    'conflict',
    `Cannot start on the data folder "${dataDir}": ${who} is using it. Stop that one, or set BATON_DATA to another folder`,
    {},
    { cause },
  );
}
