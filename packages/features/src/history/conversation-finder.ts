import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  AppError,
  type FoundSession,
  foundSessionSchema,
  parseJson,
  type SearchHit,
  searchHitSchema,
} from '@baton/protocol';
import { z } from 'zod';
import type { ConversationView } from './conversation-index.ts';
import { VISIBLE } from './visible.ts';
import { MARK, toFullTextQuery, toMarks, toSnippetWords } from './search-query.ts';

export interface Page<T> {
  items: T[];
  cursor?: string;
}

export interface FoundQuery {
  backend?: string | undefined;
  cwd?: string | undefined;
  q?: string | undefined;
  limit: number;
  cursor?: string | undefined;
  /** The agents that there are, of those that alone can read their conversations. */
  keepers: readonly string[];
}

export interface SearchQuery {
  q: string;
  limit: number;
  cursor?: string | undefined;
}

/** A hit with what the index knows of a found conversation; undefined for an own session, whose title may change. */
export interface IndexedHit extends Omit<SearchHit, 'title' | 'cwd'> {
  view: ConversationView | undefined;
}

const viewSchema = foundSessionSchema.omit({ id: true, live: true });
const placeSchema = searchHitSchema.pick({ turnId: true, itemId: true });
const rowSchema = z.object({ key: z.number(), id: z.string(), view: z.string().nullable(), updated_at: z.number() });
const PER_MS = 1024;

/** The index as those who look into it see it. */
export class ConversationFinder {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Stored conversations that no own session went through, newest first. */
  listFound(query: FoundQuery): Page<Omit<FoundSession, 'live'>> {
    const after = readCursor(query.cursor);
    const rows = this.#statement(
      `SELECT key, id, view, updated_at FROM conversations AS c
         WHERE view IS NOT NULL AND ref IS NOT NULL
           AND (:backend IS NULL OR backend = :backend)
           AND (:cwd IS NULL OR json_extract(view, '$.cwd') = :cwd)
           AND (:words IS NULL OR instr(words, :words) > 0)
           AND (:at IS NULL OR updated_at < :at OR (updated_at = :at AND key < :key))
           AND (told = 0 OR backend IN (SELECT value FROM json_each(:keepers)))
           AND ${VISIBLE}
         ORDER BY updated_at DESC, key DESC LIMIT :limit`,
    )
      .all({
        backend: query.backend ?? null,
        cwd: query.cwd ?? null,
        words: query.q?.trim().toLowerCase() ?? null,
        at: after?.at ?? null,
        key: after?.key ?? null,
        limit: query.limit + 1,
        keepers: JSON.stringify(query.keepers),
      })
      .map((row) => rowSchema.parse(row));
    return toPage(rows, query.limit);
  }

  readFound(
    id: string,
  ): { view: ConversationView & { id: FoundSession['id'] }; ref: string; isTold: boolean } | undefined {
    const row = this.#statement('SELECT id, ref, view, told FROM conversations WHERE id = ? AND ref IS NOT NULL').get(
      id,
    );
    const view = toView(row?.['view']);
    if (row === undefined || view === undefined) return undefined;
    const foundId = foundSessionSchema.shape.id.parse(row['id']);
    return { view: { ...view, id: foundId }, ref: String(row['ref']), isTold: row['told'] === 1 };
  }

  /** Passages with the words, newest first. */
  search({ q, limit, cursor }: SearchQuery): Page<IndexedHit> {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : readNumber(cursor);
    const words = toFullTextQuery(q);
    if (words === undefined) return { items: [] };
    // One walk through the full-text table, newest first: to ask it again for each hit would gather all places of the words
    // each time. Never all that match are counted or sorted. The number as BigInt: it takes no notice of a rowid that is
    // bound as a floating-point number.
    const rows = this.#statement(
      `SELECT rowid AS number, snippet(texts, 0, '${MARK.start}', '${MARK.end}', '…', ?) AS text
         FROM texts WHERE texts MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    )
      .all(toSnippetWords(q), words, BigInt(before), limit + 1)
      .map((row) => ({ number: Number(row['number']), text: String(row['text']) }));
    const shown = rows.slice(0, limit);
    const items = shown.flatMap((row) => this.#readHit(row));
    const last = shown.at(-1);
    return rows.length > limit && last !== undefined ? { items, cursor: String(last.number) } : { items };
  }

  #readHit({ number, text }: { number: number; text: string }): IndexedHit[] {
    const row = this.#statement(
      `SELECT p.turn_id, p.item_id, c.id, c.backend, c.view
         FROM passages AS p JOIN conversations AS c ON c.key = p.conversation
         WHERE p.number = ?
           AND (c.ref IS NULL OR (${VISIBLE}))`,
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
}

function toView(text: unknown): ConversationView | undefined {
  if (typeof text !== 'string') return undefined;
  const parsed = parseJson(text);
  const view = viewSchema.safeParse(parsed.ok ? parsed.value : undefined);
  return view.success ? view.data : undefined;
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
  if (cursor === undefined) return undefined;
  const [at = '', key = '', ...rest] = cursor.split('.');
  if (rest.length > 0) throw toRefusal();
  return { at: readNumber(at), key: readNumber(key) };
}

// What cannot be told from other whole numbers is none that was given out.
function readNumber(text: string): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw toRefusal();
  return number;
}

function toRefusal(): AppError {
  const issues = [{ path: 'cursor', message: 'not a cursor of this list' }];
  return new AppError('invalid-input', 'Cannot continue the list: the cursor is not one of this list; ask without it', {
    issues,
  });
}
