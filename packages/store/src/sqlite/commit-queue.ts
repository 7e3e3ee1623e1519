import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type AppError, isAppError } from '@baton/protocol';
import { toStoreFault } from './fault.ts';

/** One transaction holds at most this much, so that the event loop is not held up for long. */
const MAX_BATCH_JOBS = 256;
const MAX_BATCH_SIZE = 4 * 1024 * 1024;

export interface Commit {
  /** Appends and other writes that shared this transaction and its fsync. */
  writes: number;
  /** Characters written, about. */
  size: number;
  /** From BEGIN to the end of COMMIT, in milliseconds. */
  ms: number;
}

export interface CommitQueueOptions {
  db: DatabaseSync;
  /** Runs first in every transaction. */
  begin: () => void;
  /** Runs last in every transaction, for what is written once for all its jobs. */
  finish: () => void;
  afterCommit?: ((commit: Commit) => void) | undefined;
  onFault?: ((error: AppError) => void) | undefined;
}

interface Job {
  what: string;
  size: number;
  write: () => void;
  settle: (error?: unknown) => void;
}

/**
 * Group commit: all that is asked for in one turn of the event loop is one transaction with one fsync.
 *
 * - Jobs are written, and settle, in the order they came; a job settles after COMMIT.
 * - Each job is a savepoint: one that fails leaves nothing and does not disturb the others.
 * - When the transaction itself fails, its jobs fail and the next transaction starts afresh.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  readonly #statements: Record<'begin' | 'commit' | 'savepoint' | 'release' | 'undo', StatementSync>;
  #jobs: Job[] = [];
  #scheduled = false;
  readonly stats = { commits: 0, writes: 0, batchedWrites: 0, faults: 0, lastCommitMs: 0 };

  constructor(options: CommitQueueOptions) {
    this.#options = options;
    const { db } = options;
    this.#statements = {
      begin: db.prepare('BEGIN IMMEDIATE'),
      commit: db.prepare('COMMIT'),
      savepoint: db.prepare('SAVEPOINT job'),
      release: db.prepare('RELEASE job'),
      undo: db.prepare('ROLLBACK TO job'),
    };
  }

  get length(): number {
    return this.#jobs.length;
  }

  /** `write` runs inside the transaction, synchronously, perhaps more than once; resolves when its effect is durable. */
  enqueue(job: Pick<Job, 'what' | 'size' | 'write'>): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: unknown) => (error === undefined ? resolve() : reject(error));
      this.#jobs.push({ ...job, settle });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#jobs.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush(this.#takeBatch());
      this.#schedule();
    });
  }

  #takeBatch(): Job[] {
    let size = 0;
    const end = this.#jobs.findIndex((job, index) => {
      size += job.size;
      return index === MAX_BATCH_JOBS || (index > 0 && size > MAX_BATCH_SIZE);
    });
    return this.#jobs.splice(0, end === -1 ? this.#jobs.length : end);
  }

  #flush(batch: Job[]): void {
    const outcomes = this.#commit(batch);
    batch.forEach((job, index) => {
      job.settle(outcomes[index]);
    });
  }

  // One outcome per job: `undefined` for durable, else why not.
  #commit(batch: Job[]): unknown[] {
    const startedAt = performance.now();
    try {
      this.#statements.begin.run();
      this.#options.begin();
      const outcomes = batch.map((job) => this.#write(job));
      this.#options.finish();
      this.#statements.commit.run();
      const done = batch.filter((_, index) => outcomes[index] === undefined);
      this.#count(done, performance.now() - startedAt);
      return outcomes;
    } catch (cause) {
      this.#rollback();
      return this.#fail(batch, cause);
    }
  }

  #write(job: Job): unknown {
    this.#statements.savepoint.run();
    const error = this.#attempt(job);
    this.#statements.release.run();
    return error;
  }

  #attempt(job: Job): unknown {
    try {
      job.write();
      return undefined;
    } catch (cause) {
      // Some faults end the whole transaction, the jobs before this one included.
      if (!this.#options.db.isTransaction) throw cause;
      this.#statements.undo.run();
      return this.#report(toStoreFault(job.what, cause));
    }
  }

  // A large job must not take small ones down with it, so on a full disk each gets a transaction of its own.
  #fail(batch: Job[], cause: unknown): unknown[] {
    const errors = batch.map((job) => toStoreFault(job.what, cause));
    const first = errors[0];
    if (batch.length > 1 && isAppError(first) && first.kind === 'disk-full') {
      return batch.flatMap((job) => this.#commit([job]));
    }
    this.#report(first);
    return errors;
  }

  #report(error: unknown): unknown {
    if (!isAppError(error) || error.kind === 'store-conflict') return error;
    this.stats.faults += 1;
    queueMicrotask(() => this.#options.onFault?.(error));
    return error;
  }

  #rollback(): void {
    if (!this.#options.db.isTransaction) return;
    this.#options.db.exec('ROLLBACK');
  }

  // Listeners run on their own: one that throws must not look like a failed commit.
  #count(done: Job[], ms: number): void {
    this.stats.commits += 1;
    this.stats.writes += done.length;
    if (done.length > 1) this.stats.batchedWrites += done.length;
    this.stats.lastCommitMs = ms;
    const size = done.reduce((sum, job) => sum + job.size, 0);
    queueMicrotask(() => this.#options.afterCommit?.({ writes: done.length, size, ms }));
  }
}
