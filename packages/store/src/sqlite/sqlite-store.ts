import type { DatabaseSync } from 'node:sqlite';
import type {
  Append,
  Draft,
  EventStore,
  InboxQuery,
  ReadOptions,
  RecordStore,
  SessionQuery,
  StoreUpkeep,
} from '@baton/core';
import { AppError, type ApprovalView, type CommandId, type QuestionView, type SessionId } from '@baton/protocol';
import { encodeAppend } from '../encoded-append.ts';
import { prepareWrites, type Writes } from './append.ts';
import { backupDatabase, type BackupReport } from './backup.ts';
import { type Commit, CommitQueue } from './commit-queue.ts';
import { truncateLog } from './compact.ts';
import { toStoredJson } from '../stored-json.ts';
import { toStoreFault } from './fault.ts';
import { checkIntegrity, type IntegrityReport } from './integrity.ts';
import { type Lists, prepareLists } from './list.ts';
import { lookBeforeOpening } from './look-before-opening.ts';
import { migrate, readMigrations } from './migrate.ts';
import { prepareMeasure, type StoreSize } from './measure.ts';
import { openDatabase } from './open-database.ts';
import { prepareReads, type Reads } from './read.ts';
import { prepareRecords } from './records.ts';
import { prepareTrimRaw } from './trim-raw.ts';

export interface SqliteStoreOptions {
  /** The database file; made when it does not exist. Its folder must exist. */
  path: string;
  /** Where the `.sql` files are. Default: the folder `migrations` beside the module, or beside the bundle that holds it. */
  migrationsDir?: string;
  /** How long to wait for another program's lock before `store-unavailable`; everything waits meanwhile. Default 1000. */
  busyTimeoutMs?: number;
  /** Told of every write that the disk or the database refused, once per write. */
  onFault?: (error: AppError) => void;
  /** Told of every transaction, before the promises of its writes resolve. */
  afterCommit?: (commit: Commit) => void;
}

export interface StoreStats {
  /** Transactions, each with one fsync. */
  commits: number;
  /** Appends, drafts, records and deletions that were committed. */
  writes: number;
  /** Those of them that shared their transaction with another. */
  batchedWrites: number;
  /** Writes refused by the disk or the database. */
  faults: number;
  /** Writes that wait for the next transaction. */
  queued: number;
  lastCommitMs: number;
}

export interface SqliteStore extends EventStore {
  /** What features keep, in the same file and through the same commits. Closed with the store. */
  readonly records: RecordStore;
  readonly upkeep: StoreUpkeep;
  /** Random; another one after a restore, and only then. */
  readLogId(): Promise<string>;
  /**
   * Writes a consistent copy, one file that `restoreDatabase` takes, while appends go on. Never overwrites: `conflict` if
   * the file exists. Nothing is left of a backup that fails.
   */
  backup(toFile: string): Promise<BackupReport>;
  /** Reads everything and checks it; lets other work run in between. Never throws for what it finds. */
  integrityCheck(): Promise<IntegrityReport>;
  stats(): StoreStats;
  /** How much there is; takes well under a millisecond, however large the log. */
  measure(): StoreSize;
}

/**
 * The event log in one SQLite file, for one process.
 *
 * Throws `store-unavailable` when the file is locked, damaged, of another program or from a newer Baton.
 */
export function openSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { path, migrationsDir, busyTimeoutMs = 1000 } = options;
  const migrations = readMigrations(migrationsDir);
  lookBeforeOpening(path, { knownVersion: migrations.length, busyTimeoutMs });
  const db = openDatabase({ path, busyTimeoutMs });
  try {
    migrate(db, { path, migrations });
    return createSqliteStore(db, options);
  } catch (cause) {
    db.close();
    throw toStoreFault(`Cannot open the database "${path}"`, cause);
  }
}

/** The store over a database that is open and migrated, which it closes in the end. */
export function createSqliteStore(db: DatabaseSync, options: Pick<SqliteStoreOptions, 'onFault' | 'afterCommit'>) {
  return new SqliteEventStore(db, options);
}

// Methods are async so that every refusal is a rejection; writes are queued before the first yield, in the order of the calls.
class SqliteEventStore implements SqliteStore {
  readonly #db: DatabaseSync;
  readonly #queue: CommitQueue;
  readonly #reads: Reads;
  readonly #lists: Lists;
  readonly #writes: Writes;
  readonly #measure: () => StoreSize;
  readonly records: RecordStore;
  readonly upkeep: StoreUpkeep;
  /** Backups and checks under way, which need the database open. */
  readonly #longReads = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(db: DatabaseSync, { afterCommit, onFault }: Pick<SqliteStoreOptions, 'onFault' | 'afterCommit'>) {
    this.#db = db;
    this.#reads = prepareReads(db);
    this.#lists = prepareLists(db);
    this.#writes = prepareWrites(db);
    this.#measure = prepareMeasure(db);
    const { begin, finish } = this.#writes;
    this.#queue = new CommitQueue({ db, begin, finish, afterCommit, onFault });
    this.records = this.#openRecords(db);
    this.upkeep = this.#openUpkeep(db);
  }

  #openRecords(db: DatabaseSync): RecordStore {
    const rows = prepareRecords(db);
    return {
      list: async (collection) => this.#read(() => rows.list(collection)),
      read: async (collection, id) => this.#read(() => rows.read(collection, id)),
      put: async (collection, records) => {
        this.#assertOpen();
        const encoded = records.map(({ id, value }) => ({ id, text: toStoredJson(value) }));
        const size = encoded.reduce((sum, { text }) => sum + text.length, 0);
        const what = `Cannot keep records of "${collection}"`;
        await this.#queue.enqueue({ what, size, write: () => rows.put(collection, encoded) });
      },
      remove: async (collection, ids) => {
        this.#assertOpen();
        const gone = [...ids];
        const what = `Cannot remove records of "${collection}"`;
        await this.#queue.enqueue({ what, size: 0, write: () => rows.remove(collection, gone) });
      },
    };
  }

  #openUpkeep(db: DatabaseSync): StoreUpkeep {
    const trimRaw = prepareTrimRaw(db, this.#queue);
    return {
      trimRaw: async (options) => {
        this.#assertOpen();
        return this.#track(trimRaw(options));
      },
      // Nothing is gained while others write, and the next time comes.
      tidy: async () => {
        this.#assertOpen();
        if (this.#queue.length === 0) this.#read(() => truncateLog(db));
      },
    };
  }

  async append(append: Append) {
    this.#assertOpen();
    const encoded = encodeAppend(append);
    const what = `Cannot append to session "${append.sessionId}"`;
    await this.#queue.enqueue({ what, size: encoded.size, write: () => this.#writes.append(encoded) });
    return encoded.recorded;
  }

  async saveDrafts(sessionId: SessionId, drafts: readonly Draft[]) {
    this.#assertOpen();
    const copies = drafts.map((draft) => ({ ...draft }));
    const what = `Cannot keep the drafts of session "${sessionId}"`;
    const size = copies.reduce((sum, { text }) => sum + text.length, 0);
    await this.#queue.enqueue({ what, size, write: () => this.#writes.saveDrafts(sessionId, copies) });
  }

  async deleteSession(sessionId: SessionId) {
    this.#assertOpen();
    const what = `Cannot delete session "${sessionId}"`;
    await this.#queue.enqueue({ what, size: 0, write: () => this.#writes.deleteSession(sessionId) });
  }

  async readEvents(sessionId: SessionId, options: ReadOptions) {
    return this.#read(() => this.#reads.events(sessionId, options));
  }

  async readLastSeq(sessionId: SessionId) {
    return this.#read(() => this.#reads.lastSeq(sessionId));
  }

  async readReceipt(commandId: CommandId) {
    return this.#read(() => this.#reads.receipt(commandId));
  }

  async readView(sessionId: SessionId) {
    return this.#read(() => this.#reads.view(sessionId));
  }

  async readEnv(sessionId: SessionId) {
    return this.#read(() => this.#reads.env(sessionId));
  }

  async readMark(sessionId: SessionId) {
    return this.#read(() => this.#reads.mark(sessionId));
  }

  async readDrafts(sessionId: SessionId) {
    return this.#read(() => this.#reads.drafts(sessionId));
  }

  async listSessions(query: SessionQuery) {
    return this.#read(() => this.#lists.sessions(query));
  }

  async listApprovals(query: InboxQuery) {
    return this.#read(() => this.#lists.inbox<ApprovalView>('approval', query));
  }

  async readApproval(approvalId: string) {
    return this.#read(() => this.#lists.readInbox<ApprovalView>('approval', approvalId));
  }

  async listQuestions(query: InboxQuery) {
    return this.#read(() => this.#lists.inbox<QuestionView>('question', query));
  }

  async readQuestion(questionId: string) {
    return this.#read(() => this.#lists.readInbox<QuestionView>('question', questionId));
  }

  async listUnsettled() {
    return this.#read(() => this.#reads.unsettled());
  }

  async readLogId() {
    return this.#read(() => this.#reads.logId());
  }

  async backup(toFile: string) {
    this.#assertOpen();
    return this.#track(backupDatabase(this.#db, toFile));
  }

  async integrityCheck() {
    this.#assertOpen();
    return this.#track(checkIntegrity(this.#db));
  }

  stats(): StoreStats {
    return { ...this.#queue.stats, queued: this.#queue.length };
  }

  measure(): StoreSize {
    return this.#read(this.#measure);
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain().then(() => this.#db.close());
    return this.#closing;
  }

  // Writes settle in order, so one that does nothing comes after all that were asked for before it.
  async #drain(): Promise<void> {
    await this.#queue.enqueue({ what: 'Cannot close the database', size: 0, write: () => {} }).catch(() => {});
    await Promise.allSettled(this.#longReads);
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#longReads.add(work);
    return work.finally(() => this.#longReads.delete(work));
  }

  #read<T>(read: () => T): T {
    this.#assertOpen();
    try {
      return read();
    } catch (cause) {
      throw toStoreFault('Cannot read the event log', cause);
    }
  }

  #assertOpen(): void {
    if (this.#closing === undefined) return;
    throw new AppError('shutting-down', 'Cannot use the event log: it is closed because the server is stopping');
  }
}
