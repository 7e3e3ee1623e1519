import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { StoredSession, ToldConversation, ToldConversations } from '@baton/core';
import { type FoundId, type KeptList, parseJson } from '@baton/protocol';
import { z } from 'zod';
import type { ConversationIndex, ConversationView } from './conversation-index.ts';
import { toFolderName, toFoundId, toView } from './found-view.ts';
import { toPassage } from './to-passages.ts';
import { VISIBLE } from './visible.ts';

/** What an agent told, and when it was asked. */
export interface ToldList {
  backend: string;
  told: ToldConversations;
  /** RFC 3339 UTC. */
  at: string;
}

/** One of them as its agent read it, and when that was, in milliseconds since the epoch. */
export interface ToldRead {
  id: FoundId;
  view: ConversationView;
  session: StoredSession;
  during: { from: number; to: number };
}

/** A file may be written a little after its agent was told to end. */
const AFTERMATH_MS = 2000;

/** Written in one go, so that who asks meanwhile does not wait for thousands. */
const SLICE = 200;
const MAX_FOLDERS = 40;
const TITLE_CHARS = 120;

/** The part of the index that agents fill by telling: conversations that nobody but they can read. */
export class ToldIndex {
  readonly #db: DatabaseSync;
  readonly #index: ConversationIndex;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, index: ConversationIndex) {
    this.#db = db;
    this.#index = index;
  }

  /** Takes over what an agent told. What it did not tell of is forgotten where it told of all. */
  async keep({ backend, told, at }: ToldList): Promise<KeptList> {
    const before = this.#listShown(backend);
    const known = this.#listKnown(backend);
    for (let start = 0; start < told.conversations.length; start += SLICE) {
      const slice = told.conversations.slice(start, start + SLICE);
      this.#index.write(() => {
        for (const each of slice) this.#keepOne({ backend, each, before: known.get(each.nativeId), at });
      });
      await setImmediate();
    }
    this.#index.forgetStored(backend, toGone(known, told));
    this.#index.commit();
    const after = this.#listShown(backend);
    return {
      told: told.conversations.length + told.leftOut,
      shown: after.size,
      added: [...after].filter((ref) => !before.has(ref)).length,
      gone: [...before].filter((ref) => !after.has(ref)).length,
      leftOut: told.leftOut,
      ...(told.problem === undefined ? {} : { problem: told.problem }),
    };
  }

  /** What was said in one of them, as its agent read it: it is found by its words from now on. */
  async keepRead({ id, view, session, during }: ToldRead): Promise<void> {
    const { backend, nativeId: ref } = view;
    const read = toView(backend, session);
    const passages = session.events.map(toPassage).filter((each) => each !== undefined);
    const kept = { ...view, ...(read === undefined ? {} : { title: read.title, turns: read.turns }) };
    let done = this.#index.keepStored(
      { id, backend, ref },
      { view: kept, passages, version: `${during.from} ${during.to}` },
    );
    while (done < passages.length) {
      await setImmediate();
      done = this.#index.addPassages(id, passages, done);
    }
    this.#index.commit();
  }

  /** Folders in which it may have worked: those of what it told of first, then those of others; not all of very many. */
  listFolders(backend: string): string[] {
    const rows = this.#statement(
      `SELECT json_extract(view, '$.cwd') AS cwd FROM conversations WHERE view IS NOT NULL
         GROUP BY cwd ORDER BY max(told = 1 AND backend = ?) DESC, max(updated_at) DESC LIMIT ${MAX_FOLDERS}`,
    ).all(backend);
    return rows.map((row) => String(row['cwd']));
  }

  #keepOne(one: ToldOne): void {
    const { backend, each } = one;
    const { nativeId, cwd } = each;
    const view = toToldView(one);
    this.#statement(
      `INSERT INTO conversations (id, backend, native_id, ref, version, view, words, updated_at, told)
         VALUES (:id, :backend, :nativeId, :nativeId, '', :view, :words, :updatedAt, 1)
         ON CONFLICT (id) DO UPDATE SET view = :view, words = :words, updated_at = :updatedAt`,
    ).run({
      ...{ id: toFoundId(backend, nativeId), backend, nativeId },
      view: JSON.stringify(view),
      words: `${view.title} ${cwd}`.toLowerCase(),
      updatedAt: view.undated === true ? 0 : Date.parse(view.updatedAt),
    });
  }

  #listKnown(backend: string): Map<string, Known> {
    const rows = this.#statement('SELECT ref, view, version FROM conversations WHERE backend = ? AND told = 1').all(
      backend,
    );
    return new Map(
      rows.flatMap((row): [string, Known][] => {
        const parsed = parseJson(String(row['view']));
        const known = knownSchema.safeParse(parsed.ok ? parsed.value : undefined);
        const [from = Number.NaN, to = Number.NaN] = String(row['version']).split(' ').map(Number);
        return known.success ? [[String(row['ref']), { ...known.data, from, to }]] : [];
      }),
    );
  }

  #listShown(backend: string): Set<string> {
    const rows = this.#statement(
      `SELECT ref FROM conversations AS c WHERE backend = ? AND told = 1 AND ${VISIBLE}`,
    ).all(backend);
    return new Set(rows.map((row) => String(row['ref'])));
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

interface ToldOne {
  backend: string;
  each: ToldConversation;
  before: Known | undefined;
  at: string;
}

// What the agent does not tell stays as it was known.
function toToldView({ backend, each, before, at }: ToldOne): ConversationView {
  const { nativeId, cwd } = each;
  const updatedAt = before !== undefined && isByReading(each, before) ? before.updatedAt : each.updatedAt;
  const known = { createdAt: updatedAt ?? at, updatedAt: at, turns: 0, title: toFolderName(cwd), ...before };
  return {
    ...{ backend, nativeId, cwd },
    title: (each.title ?? known.title).slice(0, TITLE_CHARS),
    turns: known.turns,
    createdAt: known.createdAt,
    updatedAt: updatedAt ?? known.updatedAt,
    ...(updatedAt === undefined ? { undated: true } : {}),
  };
}

// Some agents note something for themselves when they only open a conversation, which makes it no newer.
function isByReading({ updatedAt = '' }: ToldConversation, { from, to }: Known): boolean {
  const time = Date.parse(updatedAt);
  return time >= from && time <= to + AFTERMATH_MS;
}

const knownSchema = z.object({
  cwd: z.string(),
  title: z.string(),
  turns: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
interface Known extends z.infer<typeof knownSchema> {
  /** When it was read; not a number: never. */
  from: number;
  to: number;
}

// Of a list that is not whole nothing follows for what is not in it, and for other folders neither.
function toGone(known: ReadonlyMap<string, Known>, { conversations, folders, problem }: ToldConversations): string[] {
  if (problem !== undefined) return [];
  const there = new Set(conversations.map(({ nativeId }) => nativeId));
  return [...known].flatMap(([ref, { cwd }]) => {
    return there.has(ref) || (folders !== undefined && !folders.includes(cwd)) ? [] : [ref];
  });
}
