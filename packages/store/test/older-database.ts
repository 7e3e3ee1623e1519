import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { migrate, type Migration } from '../src/sqlite/migrate.ts';
import { toNumber } from '../src/sqlite/column.ts';
import { AT, toAppend, toNotice } from './sample.ts';

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

const VIEW = JSON.stringify(toAppend('0', 0, [toNotice('one'), toNotice('two')]).view);

const COMMON = { sessionId: 'ses_0', turnId: 'trn_1' };
const APPROVAL = JSON.stringify({
  ...{
    ...COMMON,
    id: 'apr_1',
    approvalId: 'apr_1',
    state: 'withdrawn',
    requestedAt: AT,
    closedAt: AT,
    reason: 'stopped',
  },
  ...{ title: 'touch file', action: { kind: 'execute', tool: 'Bash', input: { command: 'touch file' } } },
  options: [{ id: 'allow', title: 'Allow once', kind: 'allow-once' }],
});
const QUESTION = JSON.stringify({
  ...{ ...COMMON, id: 'qst_1', questionId: 'qst_1', state: 'pending', askedAt: AT },
  questions: [{ id: 'q', question: 'Which?', header: 'Which', options: [{ label: 'This' }], multiSelect: false }],
});

/**
 * What a server leaves in each table. A column that a version does not have yet is left out; one that is not here, and a
 * table that is not, gets values by its type.
 */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  log: [],
  sessions: [0, 1].map((key) => ({
    ...{ key: key + 1, id: `ses_${key}`, seq: 2, state: 'stopped', backend: 'claude', title: `session ${key}` },
    ...{ cwd: '/home/ada', archived: key, updated_at: Date.parse(AT), changed: key },
  })),
  views: [1, 2].map((key) => ({ session_key: key, view: VIEW })),
  environments: [{ session_key: 1, env: '{"TOKEN":"é🙂"}' }],
  events: [1, 2, 3, 4].map((position) => ({
    ...{ position, session_key: Math.ceil(position / 2), seq: 2 - (position % 2), at: AT },
    event: JSON.stringify(toNotice(`event ${position} ${'x'.repeat(5000 * position)}`)),
  })),
  receipts: [1, 2].map((count) => ({ command_id: `cmd_${count}`, at: AT, receipt: '{"ok":true,"result":null}' })),
  inbox: [
    { ordinal: 1, id: 'apr_1', kind: 'approval', session_key: 1, state: 'withdrawn', view: APPROVAL },
    { ordinal: 2, id: 'qst_1', kind: 'question', session_key: 1, state: 'pending', view: QUESTION },
  ],
  drafts: [{ session_key: 2, item_id: 'itm_1', field: 'text', text: 'half a sent' }],
  records: [1, 2, 3].map((ordinal) => ({ ordinal, collection: 'policy', id: `r${ordinal}`, value: '{"note":"ä"}' })),
};

/** A database as a Baton that knew migrations up to this version left it, with rows in every table. */
export function makeOlderDatabase(path: string, { migrations, version }: { migrations: Migration[]; version: number }) {
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  db.exec('PRAGMA journal_mode = WAL');
  migrate(db, { path, migrations: migrations.slice(0, version) });
  for (const table of listTables(db)) for (const row of toRows(db, table)) insert(db, table, row);
  db.close();
}

export function listTables(db: DatabaseSync): string[] {
  const rows = db.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
  );
  return rows.all().map(({ name }) => String(name));
}

interface Column {
  name: string;
  type: string;
  hasDefault: boolean;
}

function listColumns(db: DatabaseSync, table: string): Column[] {
  const rows = db.prepare(`PRAGMA table_info("${table}")`).all();
  return rows.map((row) => ({ name: String(row.name), type: String(row.type), hasDefault: row.dflt_value !== null }));
}

function toRows(db: DatabaseSync, table: string): Row[] {
  const columns = listColumns(db, table);
  const parents = new Map(
    db
      .prepare(`PRAGMA foreign_key_list("${table}")`)
      .all()
      .map((row) => [String(row.from), String(row.table)]),
  );
  const seeds: readonly Row[] = ROWS[table] ?? [{}, {}];
  return seeds.map((seed, index) =>
    Object.fromEntries(
      columns
        .filter(({ name, hasDefault }) => name in seed || !hasDefault)
        .map(({ name, type }) => [name, seed[name] ?? toValue(type, { index, isReference: parents.has(name) })]),
    ),
  );
}

function toValue(type: string, { index, isReference }: { index: number; isReference: boolean }): Value {
  if (isReference || type === 'INTEGER') return index + 1;
  return type === 'REAL' ? index + 0.5 : `${index}`;
}

function insert(db: DatabaseSync, table: string, row: Row): void {
  const names = Object.keys(row);
  const places = names.map(() => '?').join(', ');
  db.prepare(`INSERT INTO "${table}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${places})`).run(
    ...Object.values(row),
  );
}

/** All that a database holds, in one word: schema, version, and each row of each table. Reads only. */
export function hashDatabase(path: string): string {
  const db = new DatabaseSync(path);
  try {
    const hash = createHash('sha256');
    const take = (value: unknown) => hash.update(`${JSON.stringify(value)}\n`);
    for (const name of ['user_version', 'application_id']) take(db.prepare(`PRAGMA ${name}`).get());
    take(db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all());
    for (const table of listTables(db)) {
      take(table);
      const rows = db.prepare(`SELECT * FROM "${table}"`).all();
      // A new log is given a name by chance.
      for (const row of rows) take(table === 'log' ? { ...row, log_id: '' } : row);
    }
    return hash.digest('hex');
  } finally {
    db.close();
  }
}

/** How many rows each table holds. */
export function countRows(path: string): Map<string, number> {
  const db = new DatabaseSync(path);
  try {
    const count = (table: string) => toNumber(db.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.n);
    return new Map(listTables(db).map((table) => [table, count(table)]));
  } finally {
    db.close();
  }
}
