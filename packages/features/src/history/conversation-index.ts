import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type FoundSession, foundSessionSchema, parseJson, type SearchHit, searchHitSchema } from '@baton/protocol';
import { z } from 'zod';
import { MARK, toFullTextQuery, toMarks } from './search-query.ts';
import type { Passage } from './to-passages.ts';

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
  passages?: readonly Passage[];
  /** Of what was read, when that is all of it. */
  version?: string | undefined;
}

export interface OwnPlace {
  id: string;
  backend: string;
}

export interface OwnContent {
  /** The last event that was read. */
  seq: number;
  passages: readonly Passage[];
  /** The agent's conversations that these events name as the session's. */
  nativeIds: readonly string[];
}

export interface Page<T> {
  items: T[];
  cursor?: string;
}

const viewSchema = foundSessionSchema.omit({ id: true, live: true });
const rowSchema = z.object({ key: z.number(), id: z.string(), view: z.string().nullable(), updated_at: z.number() });
const PER_MS = 1024;

/** The index as its users see it: every method is one short transaction on the database it is given. */
export class ConversationIndex {
  readonly #db: DatabaseSync;
  readonly #insertPassage;
  readonly #insertText;
  readonly #isTaken;
  readonly #statements = new Map<string, StatementSync>();

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

  /** Replaces what was known of a stored conversation. Without a version there is more of it to come, until `finishStored`. */
  keepStored(place: StoredPlace, content: StoredContent): void {
    const { view, version = '', passages = [] } = content;
    this.#transact(() => {
      const key = this.#upsert(place.id, place.backend);
      this.#forgetPassages(key);
      this.#statement(
        `UPDATE conversations SET ref = ?, version = ?, native_id = ?, view = ?, words = ?, updated_at = ?,
             unreadable = ? WHERE key = ?`,
      ).run(
        place.ref,
        version,
        view?.nativeId ?? null,
        view === undefined ? null : JSON.stringify(view),
        view === undefined ? '' : toWords(`${view.title} ${view.cwd}`),
        view === undefined ? 0 : Date.parse(view.updatedAt),
        content.isUnreadable === true ? 1 : 0,
        key,
      );
      this.#addPassages(key, passages);
    });
  }

  /** More of a conversation that was kept with a part of its passages. */
  addPassages(id: string, passages: readonly Passage[]): void {
    this.#transact(() => {
      const row = this.#statement('SELECT key FROM conversations WHERE id = ?').get(id);
      if (row !== undefined) this.#addPassages(Number(row['key']), passages);
    });
  }

  /** All of it is in: the same version is not read again. */
  finishStored(id: string, version: string): void {
    this.#statement('UPDATE conversations SET version = ? WHERE id = ?').run(version, id);
  }

  forgetStored(backend: string, refs: readonly string[]): void {
    this.#transact(() => {
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

  addOwn(place: OwnPlace, { seq, passages, nativeIds }: OwnContent): void {
    this.#transact(() => {
      const key = this.#upsert(place.id, place.backend);
      this.#statement('UPDATE conversations SET seq = ? WHERE key = ?').run(seq, key);
      for (const nativeId of nativeIds)
        this.#statement('INSERT INTO own_natives VALUES (?, ?) ON CONFLICT DO NOTHING').run(nativeId, key);
      this.#addPassages(key, passages);
    });
  }

  forgetOwn(sessionId: string): void {
    this.#transact(() => {
      const row = this.#statement('SELECT key FROM conversations WHERE id = ?').get(sessionId);
      if (row !== undefined) this.#forget(Number(row['key']));
    });
  }

  /** Ids of the own sessions that are known. */
  listOwn(): string[] {
    return this.#statement('SELECT id FROM conversations WHERE ref IS NULL')
      .all()
      .map((row) => String(row['id']));
  }

  /** The own session that began an agent's conversation, or goes on with it. */
  findOwn(nativeId: string): string | undefined {
    const row = this.#statement(
      `SELECT id FROM own_natives JOIN conversations ON key = conversation WHERE own_natives.native_id = ?
         ORDER BY key DESC`,
    ).get(nativeId);
    return row === undefined ? undefined : String(row['id']);
  }

  listFound(query: {
    backend?: string | undefined;
    cwd?: string | undefined;
    q?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  }) {
    const after = readCursor(query.cursor);
    const rows = this.#statement(
      `SELECT key, id, view, updated_at FROM conversations AS c
         WHERE view IS NOT NULL AND ref IS NOT NULL
           AND (:backend IS NULL OR backend = :backend)
           AND (:cwd IS NULL OR json_extract(view, '$.cwd') = :cwd)
           AND (:words IS NULL OR instr(words, :words) > 0)
           AND (:at IS NULL OR updated_at < :at OR (updated_at = :at AND key < :key))
           AND NOT EXISTS (SELECT 1 FROM own_natives AS own WHERE own.native_id = c.native_id)
         ORDER BY updated_at DESC, key DESC LIMIT :limit`,
    )
      .all({
        backend: query.backend ?? null,
        cwd: query.cwd ?? null,
        words: query.q === undefined ? null : toWords(query.q.trim()),
        at: after?.at ?? null,
        key: after?.key ?? null,
        limit: query.limit + 1,
      })
      .map((row) => rowSchema.parse(row));
    return toPage(rows, query.limit);
  }

  readFound(id: string): (ConversationView & { id: FoundSession['id']; ref: string }) | undefined {
    const row = this.#statement('SELECT id, ref, view FROM conversations WHERE id = ? AND ref IS NOT NULL').get(id);
    const view = toView(row?.['view']);
    if (row === undefined || view === undefined) return undefined;
    return { ...view, id: foundSessionSchema.shape.id.parse(row['id']), ref: String(row['ref']) };
  }

  search(query: {
    q: string;
    limit: number;
    cursor?: string | undefined;
  }): Page<Omit<SearchHit, 'title' | 'cwd'> & ViewOfHit> {
    const words = toFullTextQuery(query.q);
    if (words === undefined) return { items: [] };
    const before = query.cursor !== undefined && /^\d{1,16}$/.test(query.cursor) ? Number(query.cursor) : undefined;
    // One walk through the full-text table, newest first: to ask it again for each hit would gather all places of the words
    // each time. The number as BigInt: it takes no notice of a rowid that is bound as a floating-point number.
    const rows = this.#statement(
      `SELECT rowid AS number, snippet(texts, 0, '${MARK.start}', '${MARK.end}', '…', 24) AS text
         FROM texts WHERE texts MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    )
      .all(words, BigInt(before ?? Number.MAX_SAFE_INTEGER), query.limit + 1)
      .map((row) => ({ number: Number(row['number']), text: String(row['text']) }));
    const shown = rows.slice(0, query.limit);
    const items = shown.flatMap((row) => this.#readHit(row));
    const last = shown.at(-1);
    return rows.length > query.limit && last !== undefined ? { items, cursor: String(last.number) } : { items };
  }

  count(): { found: number; unreadable: number; passages: number } {
    const read = (sql: string): number => Number(this.#statement(sql).get()?.['n'] ?? 0);
    return {
      found: read('SELECT count(*) AS n FROM conversations WHERE ref IS NOT NULL AND view IS NOT NULL'),
      unreadable: read('SELECT count(*) AS n FROM conversations WHERE unreadable = 1'),
      passages: read('SELECT count(*) AS n FROM passages'),
    };
  }

  close(): void {
    this.#db.close();
  }

  #readHit({ number, text }: { number: number; text: string }): (Omit<SearchHit, 'title' | 'cwd'> & ViewOfHit)[] {
    const row = this.#statement(
      `SELECT p.turn_id, p.item_id, c.id, c.backend, c.view
         FROM passages AS p JOIN conversations AS c ON c.key = p.conversation
         WHERE p.number = ?
           AND (c.ref IS NULL OR NOT EXISTS (SELECT 1 FROM own_natives AS own WHERE own.native_id = c.native_id))`,
    ).get(number);
    if (row === undefined) return [];
    const id = String(row['id']);
    const own = searchHitSchema.shape.sessionId.safeParse(id);
    const found = searchHitSchema.shape.foundId.safeParse(id);
    return [
      {
        ...(own.success && own.data !== undefined ? { sessionId: own.data } : {}),
        ...(found.success && found.data !== undefined ? { foundId: found.data } : {}),
        ...placeSchema.parse({ turnId: row['turn_id'] ?? undefined, itemId: row['item_id'] ?? undefined }),
        backend: String(row['backend']),
        at: new Date(Math.floor(number / PER_MS)).toISOString(),
        view: toView(row['view']),
        ...toMarks(text),
      },
    ];
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
      const number = this.#toFree(Math.max(at * PER_MS, last + 1));
      last = number;
      this.#insertPassage.run(number, key, turnId ?? null, itemId ?? null);
      this.#insertText.run(number, text);
    }
  }

  // Other conversations may have said something in the same millisecond.
  #toFree(number: number): number {
    let free = number;
    while (this.#isTaken.get(free) !== undefined) free += 1;
    return free;
  }

  #forget(key: number): void {
    this.#forgetPassages(key);
    this.#statement('DELETE FROM own_natives WHERE conversation = ?').run(key);
    this.#statement('DELETE FROM conversations WHERE key = ?').run(key);
  }

  #forgetPassages(key: number): void {
    this.#statement('DELETE FROM texts WHERE rowid IN (SELECT number FROM passages WHERE conversation = ?)').run(key);
    this.#statement('DELETE FROM passages WHERE conversation = ?').run(key);
  }

  #transact(work: () => void): void {
    this.#db.exec('BEGIN');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (cause) {
      this.#db.exec('ROLLBACK');
      throw cause;
    }
  }
}

/** What a hit knows of a found conversation; undefined for an own session. */
export interface ViewOfHit {
  view: ConversationView | undefined;
}

const placeSchema = searchHitSchema.pick({ turnId: true, itemId: true });

function toView(text: unknown): ConversationView | undefined {
  if (typeof text !== 'string') return undefined;
  const parsed = parseJson(text);
  const view = viewSchema.safeParse(parsed.ok ? parsed.value : undefined);
  return view.success ? view.data : undefined;
}

function toWords(text: string): string {
  return text.toLowerCase();
}

function toPage(rows: readonly z.infer<typeof rowSchema>[], limit: number): Page<Omit<FoundSession, 'live'>> {
  const shown = rows.slice(0, limit);
  const items = shown.flatMap((row) => {
    const view = toView(row.view);
    return view === undefined ? [] : [{ ...view, id: foundSessionSchema.shape.id.parse(row.id) }];
  });
  const last = shown.at(-1);
  return rows.length > limit && last !== undefined ? { items, cursor: `${last.updated_at}.${last.key}` } : { items };
}

function readCursor(cursor: string | undefined): { at: number; key: number } | undefined {
  const parts = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor ?? '');
  return parts === null ? undefined : { at: Number(parts[1]), key: Number(parts[2]) };
}
