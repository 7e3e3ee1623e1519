import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FoundSession } from '@baton/protocol';
import { toIndexed } from './search-query.ts';
import type { Passage } from './to-passages.ts';
import { VISIBLE } from './visible.ts';

/** What a list shows of a conversation, beside its id; `live` is asked for when it is shown. */
export type ConversationView = Omit<FoundSession, 'id' | 'live'>;

/** A stored conversation in its place. */
export interface StoredPlace {
  id: FoundSession['id'];
  backend: string;
  ref: string;
}

export interface StoredContent {
  /** Absent: it holds nothing to show. */
  view?: ConversationView | undefined;
  isUnreadable?: boolean;
  /** All of them, oldest first. */
  passages?: readonly Passage[];
  version: string;
}

export interface OwnContent {
  id: string;
  backend: string;
  /** The last event that was read. */
  seq: number;
  passages: readonly Passage[];
  /** The agent's conversations that these events name as the session's. */
  nativeIds: readonly string[];
}

export interface IndexCounts {
  /** Conversations that agents stored, of any kind. */
  stored: number;
  /** Those of them that are shown: see `VISIBLE`. */
  found: number;
  unreadable: number;
  passages: number;
}

interface Batch {
  texts: { number: number; text: string }[];
  chars: number;
  since: number;
}

const PER_MS = 1024;
/** Passages written in one go, so that who asks meanwhile does not wait for a long conversation. */
const SLICE = 50;
/** Times beyond it (in the 23rd century) would make numbers that are not exact any more. */
const MAX_AT = 8_796_093_000_000;
/**
 * The full-text index takes many passages for half of what each alone costs, as long as their numbers ascend: it writes out
 * what it gathered whenever one does not, and conversations are read newest first. So texts wait for a batch, in their order.
 * Many enough for that, and few enough for whoever asks meanwhile.
 */
const MAX_BATCH = { passages: 500, chars: 1_000_000, ms: 500 };

/**
 * The index as those who fill it see it. Writes are gathered: conversations are seen at once by whoever asks here, their words
 * are found and all of it is in the file after `commit`, at the latest. What a failed write takes with it, versions and seqs
 * included, is read again at the next look.
 */
export class ConversationIndex {
  readonly #db: DatabaseSync;
  readonly #insertPassage;
  readonly #insertText;
  readonly #isTaken;
  readonly #statements = new Map<string, StatementSync>();
  /** What waits for the full-text index since the transaction began. */
  #batch: Batch | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insertPassage = db.prepare(
      'INSERT INTO passages (number, conversation, turn_id, item_id) VALUES (?, ?, ?, ?)',
    );
    this.#insertText = db.prepare('INSERT INTO texts (rowid, text) VALUES (?, ?)');
    this.#isTaken = db.prepare('SELECT 1 FROM passages WHERE number = ?');
  }

  /** Versions of the stored conversations of a backend that were read, by their place. */
  listVersions(backend: string): Map<string, string> {
    const rows = this.#statement('SELECT ref, version FROM conversations WHERE backend = ? AND ref IS NOT NULL');
    return new Map(rows.all(backend).map((row) => [String(row['ref']), String(row['version'] ?? '')]));
  }

  /**
   * Replaces what was known of a stored conversation. Answers how many of its passages are in place, from the first on: those
   * that were there already, since most conversations only grow, and some more. The others are for `addPassages`, and
   * `finishStored` comes after them.
   */
  keepStored(place: StoredPlace, content: StoredContent): number {
    const { view, version, passages = [] } = content;
    let done = 0;
    this.write(() => {
      const key = this.#upsert(place.id, place.backend);
      const same = this.#keepSame(key, passages);
      done = Math.min(passages.length, same + SLICE);
      this.#addPassages(key, passages.slice(same, done));
      this.#statement(
        `UPDATE conversations SET ref = ?, version = ?, native_id = ?, view = ?, words = ?, updated_at = ?,
             unreadable = ? WHERE key = ?`,
      ).run(
        place.ref,
        // Without one it is read again, should the rest never come.
        done === passages.length ? version : '',
        view?.nativeId ?? null,
        view === undefined ? null : JSON.stringify(view),
        view === undefined ? '' : `${view.title} ${view.cwd}`.toLowerCase(),
        view === undefined || view.undated === true ? 0 : Date.parse(view.updatedAt),
        content.isUnreadable === true ? 1 : 0,
        key,
      );
    });
    return done;
  }

  /** More of a conversation that was kept, from the passage `done` on; answers how many are in place then. */
  addPassages(id: string, passages: readonly Passage[], done: number): number {
    const next = Math.min(passages.length, done + SLICE);
    this.write(() => {
      const row = this.#statement('SELECT key FROM conversations WHERE id = ?').get(id);
      if (row !== undefined) this.#addPassages(Number(row['key']), passages.slice(done, next));
    });
    return next;
  }

  /** All of it is in: the same version is not read again. */
  finishStored(id: string, version: string): void {
    this.write(() => this.#statement('UPDATE conversations SET version = ? WHERE id = ?').run(version, id));
  }

  forgetStored(backend: string, refs: readonly string[]): void {
    this.write(() => {
      for (const ref of refs) {
        const row = this.#statement('SELECT key FROM conversations WHERE backend = ? AND ref = ?').get(backend, ref);
        if (row !== undefined) this.#forget(Number(row['key']));
      }
    });
  }

  /** The last event of an own session that was read; 0 for none. */
  readSeq(sessionId: string): number {
    return Number(this.#statement('SELECT seq FROM conversations WHERE id = ?').get(sessionId)?.['seq'] ?? 0);
  }

  addOwn({ id, backend, seq, passages, nativeIds }: OwnContent): void {
    this.write(() => {
      const key = this.#upsert(id, backend);
      this.#statement('UPDATE conversations SET seq = ? WHERE key = ?').run(seq, key);
      for (const nativeId of nativeIds)
        this.#statement('INSERT INTO own_natives VALUES (?, ?) ON CONFLICT DO NOTHING').run(nativeId, key);
      this.#addPassages(key, passages);
    });
  }

  forgetOwn(sessionIds: readonly string[]): void {
    this.write(() => {
      for (const id of sessionIds) {
        const row = this.#statement('SELECT key FROM conversations WHERE id = ? AND ref IS NULL').get(id);
        if (row !== undefined) this.#forget(Number(row['key']));
      }
    });
  }

  /** The own sessions that are known, each with the last event that was read. */
  listOwn(): Map<string, number> {
    const rows = this.#statement('SELECT id, seq FROM conversations WHERE ref IS NULL').all();
    return new Map(rows.map((row) => [String(row['id']), Number(row['seq'])]));
  }

  /** The own session that began an agent's conversation, or goes on with it; `backend`: only one of this agent. */
  findOwn({ nativeId, backend }: { nativeId: string; backend?: string | undefined }): string | undefined {
    const row = this.#statement(
      `SELECT id FROM own_natives JOIN conversations ON key = conversation
         WHERE own_natives.native_id = :nativeId AND (:backend IS NULL OR backend = :backend) ORDER BY key DESC`,
    ).get({ nativeId, backend: backend ?? null });
    return row === undefined ? undefined : String(row['id']);
  }

  count(): IndexCounts {
    const read = (sql: string): number => Number(this.#statement(sql).get()?.['n'] ?? 0);
    return {
      stored: read('SELECT count(*) AS n FROM conversations WHERE ref IS NOT NULL'),
      found: read(
        `SELECT count(*) AS n FROM conversations AS c WHERE ref IS NOT NULL AND view IS NOT NULL AND ${VISIBLE}`,
      ),
      unreadable: read('SELECT count(*) AS n FROM conversations WHERE unreadable = 1'),
      passages: read('SELECT count(*) AS n FROM passages'),
    };
  }

  /** What was written so far outlives the process. */
  commit(): void {
    if (this.#batch === undefined) return;
    try {
      this.#writeTexts(this.#batch);
      this.#db.exec('COMMIT');
    } catch (cause) {
      this.#rollBack();
      throw cause;
    } finally {
      this.#batch = undefined;
    }
  }

  close(): void {
    this.commit();
    this.#db.close();
  }

  /** Does some writing; see above for when it outlives the process. */
  write(work: () => void): void {
    this.#batch ??= this.#begin();
    const batch = this.#batch;
    try {
      work();
    } catch (cause) {
      // No savepoint for each: the full-text index would be written at every one of them.
      this.#batch = undefined;
      this.#rollBack();
      throw cause;
    }
    const { texts, chars, since } = batch;
    const isFull = texts.length >= MAX_BATCH.passages || chars >= MAX_BATCH.chars;
    if (isFull || performance.now() - since >= MAX_BATCH.ms) this.commit();
  }

  #begin(): Batch {
    this.#db.exec('BEGIN');
    return { texts: [], chars: 0, since: performance.now() };
  }

  #writeTexts(batch: Batch): void {
    batch.texts.sort((left, right) => left.number - right.number);
    for (const { number, text } of batch.texts) this.#insertText.run(number, text);
    batch.texts = [];
    batch.chars = 0;
  }

  #rollBack(): void {
    // SQLite has done it by itself after some errors, a full disk among them.
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #upsert(id: string, backend: string): number {
    this.#statement('INSERT INTO conversations (id, backend) VALUES (?, ?) ON CONFLICT (id) DO NOTHING').run(
      id,
      backend,
    );
    return Number(this.#statement('SELECT key FROM conversations WHERE id = ?').get(id)?.['key']);
  }

  #addPassages(key: number, passages: readonly Passage[]): void {
    let last = 0;
    for (const { at, turnId, itemId, text } of passages) {
      const number = this.#toFree(Math.max(Math.min(at, MAX_AT) * PER_MS, last + 1));
      last = number;
      this.#insertPassage.run(number, key, turnId ?? null, itemId ?? null);
      this.#batch?.texts.push({ number, text: toIndexed(text) });
      if (this.#batch !== undefined) this.#batch.chars += text.length;
    }
  }

  // Other conversations may have said something in the same millisecond.
  #toFree(number: number): number {
    let free = number;
    while (this.#isTaken.get(free) !== undefined) free += 1;
    return free;
  }

  #forget(key: number): void {
    this.#keepSame(key, []);
    this.#statement('DELETE FROM own_natives WHERE conversation = ?').run(key);
    this.#statement('DELETE FROM conversations WHERE key = ?').run(key);
  }

  // Leaves those that are as they were, up to the first that is not, and answers how many that are.
  #keepSame(key: number, passages: readonly Passage[]): number {
    const { n } = this.#statement('SELECT count(*) AS n FROM passages WHERE conversation = ?').get(key) ?? {};
    // Nothing to forget, and nothing to ask the full-text index for, which would make it write out what it gathered.
    if (n === 0) return 0;
    if (this.#batch !== undefined) this.#writeTexts(this.#batch);
    // The table in which the full-text index keeps what it was given.
    const rows = this.#statement(
      `SELECT number, turn_id, item_id, c0 AS text FROM passages JOIN texts_content ON id = number
         WHERE conversation = ? ORDER BY number`,
    ).all(key);
    const other = rows.findIndex((row, index) => !isSame(row, passages[index]));
    const same = other === -1 ? rows.length : other;
    for (const { number } of rows.slice(same)) {
      this.#statement('DELETE FROM texts WHERE rowid = ?').run(Number(number));
      this.#statement('DELETE FROM passages WHERE number = ?').run(Number(number));
    }
    return same;
  }
}

function isSame(row: Record<string, unknown>, passage: Passage | undefined): boolean {
  if (passage === undefined) return false;
  const { at, turnId = null, itemId = null, text } = passage;
  const isThen = Math.floor(Number(row['number']) / PER_MS) === Math.min(at, MAX_AT);
  return isThen && row['turn_id'] === turnId && row['item_id'] === itemId && row['text'] === toIndexed(text);
}
