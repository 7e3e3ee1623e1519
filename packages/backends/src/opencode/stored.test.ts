import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseJson } from '@baton/protocol';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import {
  eventsOf,
  expectSound,
  expectToSurviveDamage,
  itemsOf,
  readAll,
  toList,
  toOutline,
} from '../stored/__fixtures__/stored-session.ts';
import { createOpencodeStored } from './stored.ts';

const RICH = 'ses_e0222cb44ffeiijgKkwi3aH4e3';
const COMPACTED = 'ses_e0222b1eeffexbJlukmQ7DZEZB';
const rowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
const rowsSchema = z.array(rowSchema);
const dumpSchema = z.object({
  schema: z.array(z.string()),
  project: rowsSchema,
  session: rowsSchema,
  message: rowsSchema,
  part: rowsSchema,
});

/** A database as OpenCode 1.18.33 left it, rebuilt from its rows. */
async function createDatabase(path: string): Promise<void> {
  const parsed = parseJson(await readFile(new URL('__fixtures__/stored.json', import.meta.url), 'utf8'));
  const { schema, ...tables } = dumpSchema.parse(parsed.ok ? parsed.value : undefined);
  const database = new DatabaseSync(path);
  for (const statement of schema) database.exec(statement);
  for (const [table, rows] of Object.entries(tables)) {
    for (const row of rows) {
      const names = Object.keys(row);
      const marks = names.map(() => '?').join();
      database.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${marks})`).run(...Object.values(row));
    }
  }
  database.close();
}

let folder: string;
let path: string;
const openStored = () => createOpencodeStored({ env: { OPENCODE_DB: path } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stored-test-'));
  path = join(folder, 'opencode.db');
  await createDatabase(path);
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test('lists conversations without those of subagents and those without a message, and leaves no file behind', async () => {
  const refs = await toList(openStored().list());
  expect(refs.map(({ ref }) => ref)).toEqual([COMPACTED, RICH]);
  await readAll(openStored());
  expect(await readdir(folder)).toEqual(['opencode.db']);
});

test('finds nothing where there is no database, and says what is gone', async () => {
  expect(await toList(createOpencodeStored({ env: { HOME: join(folder, 'nobody') } }).list())).toEqual([]);
  await expect(openStored().read('ses_gone')).rejects.toMatchObject({ kind: 'not-found' });
});

test('reads beside a writer', async () => {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(`UPDATE session SET title = 'Found anew' WHERE id = '${COMPACTED}'`);
  expect((await openStored().read(COMPACTED))?.title).toBe('Found anew');
  database.exec(`UPDATE session SET title = 'Named by hand' WHERE id = '${COMPACTED}'`);
  database.close();
  expect((await openStored().read(COMPACTED))?.title).toBe('Named by hand');
});

test('every conversation is sound and reads the same twice', async () => {
  const [once, twice] = [await readAll(openStored()), await readAll(openStored())];
  for (const session of once) expectSound(session);
  expect(twice).toEqual(once);
});

test('a picture, edits, a plan, a subagent, a failure, an interrupt, and nothing that was taken back', async () => {
  const session = await openStored().read(RICH);
  expect(session).toMatchObject({
    nativeId: RICH,
    cwd: '/home/ada/app',
    title: 'Stub title',
    model: 'stub/stub-model',
  });
  expect(toOutline(session)).toMatchSnapshot();
  const starts = eventsOf(session, 'item.started');
  const agent = starts.find(({ item }) => item.type === 'tool-call' && item.kind === 'subagent');
  expect(starts.filter(({ parentItemId }) => parentItemId === agent?.itemId).length).toBe(4);
  const tools = itemsOf(session).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
  expect(tools.find(({ tool }) => tool === 'edit')?.output).toMatchObject([{ type: 'diff', added: 1, removed: 1 }]);
  expect(eventsOf(session, 'turn.ended')[0]?.point).toMatch(/^msg_\w+@\d+$/);
});

test('a summary for the model is not shown', async () => {
  expect(toOutline(await openStored().read(COMPACTED))).toEqual([
    'user> hello',
    'agent-message: Hello from the OpenAI stub.',
    '. completed',
    'user> after',
    'agent-message: Hello from the OpenAI stub.',
    '. completed',
  ]);
});

test('survives every cut and noise', async () => {
  const damaged = join(folder, 'damaged.db');
  await writeFile(damaged, await readFile(path));
  const stored = createOpencodeStored({ env: { OPENCODE_DB: damaged } });
  await expectToSurviveDamage(stored, [{ ref: RICH, path: damaged }]);
});

test.each([
  {
    what: 'no database',
    make: (at: string) => writeFile(at, 'not a database at all, but long enough'),
    todo: 'damaged',
  },
  { what: 'a folder', make: (at: string) => mkdir(at), todo: 'no database' },
  {
    what: 'of a form that is not known',
    make: (at: string) => Promise.resolve(new DatabaseSync(at).exec('CREATE TABLE other (id)')),
    todo: 'newer OpenCode',
  },
  {
    what: 'held by another program',
    make: (at: string) => {
      const held = new DatabaseSync(at);
      onTestFinished(() => held.close());
      held.exec('PRAGMA journal_mode = WAL; PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE session (id)');
      return Promise.resolve();
    },
    todo: 'tried again every minute',
  },
])('a database that is $what is told of with what to do, and is not taken for an empty one', async ({ make, todo }) => {
  const at = join(await mkdtemp(join(folder, 'odd-')), 'opencode.db');
  await make(at);
  const listing = toList(createOpencodeStored({ env: { OPENCODE_DB: at } }).list());
  await expect(listing).rejects.toMatchObject({ message: expect.stringContaining(todo) });
  await expect(listing).rejects.toMatchObject({ message: expect.stringContaining(at) });
});
