import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import {
  approvalViewSchema,
  isAppError,
  parseJson,
  questionViewSchema,
  sessionEventSchema,
  sessionViewSchema,
} from '@baton/protocol';
import { z } from 'zod';
import { countRows } from './backup.ts';
import { toNumber, toText } from './column.ts';
import { toStoreFault } from './fault.ts';

/** Rows validated between two turns of the event loop. */
const SLICE = 500;
const MAX_PROBLEMS = 100;

export interface IntegrityReport {
  ok: boolean;
  events: number;
  sessions: number;
  /** One sentence each, at most a hundred. */
  problems: string[];
}

/** The whole check: SQLite's own, the numbering of events, and every stored JSON against its schema. */
export async function checkIntegrity(db: DatabaseSync): Promise<IntegrityReport> {
  try {
    return await checkAll(db);
  } catch (cause) {
    // A page so broken that SQLite cannot even say what is on it.
    const fault = toStoreFault('Cannot read the whole database', cause);
    if (!isAppError(fault)) throw fault;
    return { ok: false, events: 0, sessions: 0, problems: [fault.message] };
  }
}

async function checkAll(db: DatabaseSync): Promise<IntegrityReport> {
  const problems = checkStructure(db);
  // On a damaged file the rows cannot be trusted.
  if (problems.length > 0) return { ok: false, events: 0, sessions: 0, problems };
  problems.push(...checkNumbering(db));
  for (const check of CHECKS) {
    const select = db.prepare(`${check.select} WHERE number > ? ORDER BY number LIMIT ${SLICE}`);
    await checkRows(select, { check, problems });
  }
  return { ok: problems.length === 0, ...countRows(db), problems: problems.slice(0, MAX_PROBLEMS) };
}

/** SQLite's own checks of pages, indexes and references. */
export function checkStructure(db: DatabaseSync): string[] {
  const pages = db.prepare(`PRAGMA integrity_check(${MAX_PROBLEMS})`).all();
  const damage = pages.map((row) => toText(row.integrity_check)).filter((text) => text !== 'ok');
  const lost = db
    .prepare('SELECT "table" AS name, count(*) AS count FROM pragma_foreign_key_check GROUP BY name')
    .all();
  return [...damage, ...lost.map(toLostRows)];
}

function toLostRows({ name, count }: Record<string, SQLOutputValue>): string {
  return `${toNumber(count)} rows of "${toText(name)}" belong to a session that is not there`;
}

function checkNumbering(db: DatabaseSync): string[] {
  const broken = db.prepare(`
    SELECT id, sessions.seq AS last, count(events.seq) AS count, max(events.seq) AS highest
    FROM sessions LEFT JOIN events ON session_key = key
    GROUP BY key HAVING count <> last OR highest <> last OR min(events.seq) <> 1`);
  return broken.all().map((row) => {
    return `Session "${toText(row.id)}" should have ${toNumber(row.last)} events without a gap and has ${toNumber(row.count)}`;
  });
}

interface RowCheck {
  /** Yields `number`, unique and ascending; `name` for a person; `json`; and `expected`, which the JSON's own field must equal. */
  select: string;
  schema: (name: string) => z.ZodType;
  /** The field of the JSON that a column repeats; without one only the schema is checked. */
  repeats?: string;
}

const CHECKS: RowCheck[] = [
  {
    select: `SELECT * FROM (SELECT position AS number, 'Event ' || events.seq || ' of session "' || id || '"' AS name,
      event AS json, NULL AS expected FROM events JOIN sessions ON key = session_key)`,
    schema: () => sessionEventSchema,
  },
  {
    select: `SELECT * FROM (SELECT key AS number, 'The view of session "' || id || '"' AS name,
      view AS json, seq AS expected FROM views JOIN sessions ON key = session_key)`,
    schema: () => sessionViewSchema,
    repeats: 'seq',
  },
  {
    select: `SELECT * FROM (SELECT ordinal AS number, 'The ' || kind || ' "' || id || '"' AS name,
      view AS json, state AS expected FROM inbox)`,
    schema: (name) => (name.startsWith('The approval') ? approvalViewSchema : questionViewSchema),
    repeats: 'state',
  },
  {
    // What a record means is its feature's to say.
    select: `SELECT * FROM (SELECT ordinal AS number, 'The record "' || id || '" of "' || collection || '"' AS name,
      value AS json, NULL AS expected FROM records)`,
    schema: () => z.unknown(),
  },
];

async function checkRows(select: StatementSync, { check, problems }: { check: RowCheck; problems: string[] }) {
  for (let last = 0; problems.length < MAX_PROBLEMS; ) {
    const rows = select.all(last);
    for (const row of rows) {
      last = toNumber(row.number);
      const problem = checkRow(check, { name: toText(row.name), json: toText(row.json), expected: row.expected });
      if (problem !== undefined) problems.push(problem);
    }
    if (rows.length < SLICE) return;
    await setImmediate();
  }
}

function checkRow(check: RowCheck, { name, json, expected }: { name: string; json: string; expected: unknown }) {
  const parsed = parseJson(json);
  if (!parsed.ok) return `${name} is not JSON: ${parsed.reason}`;
  const result = check.schema(name).safeParse(parsed.value);
  if (!result.success) {
    const issue = result.error.issues[0];
    return `${name} is not valid at "${issue?.path.join('.')}": ${issue?.message}`;
  }
  if (check.repeats === undefined) return undefined;
  const value: unknown = Object.entries(result.data ?? {}).find(([key]) => key === check.repeats)?.[1];
  return value === expected
    ? undefined
    : `${name} says ${check.repeats} ${String(value)} and its row ${String(expected)}`;
}
