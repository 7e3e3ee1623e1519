import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConversationFinder } from './conversation-finder.ts';
import { ConversationIndex } from './conversation-index.ts';
import { toFoundId } from './found-view.ts';
import { openHistoryDatabase } from './history-database.ts';
import type { Passage } from './to-passages.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-index-'));
let count = 0;

function openIndex() {
  count += 1;
  const db = openHistoryDatabase(join(folder, `${count}.db`));
  return { db, index: new ConversationIndex(db), finder: new ConversationFinder(db) };
}

function keep(index: ConversationIndex, ref: string, passages: readonly Passage[]): void {
  const place = { id: toFoundId('claude', ref), backend: 'claude', ref };
  let done = index.keepStored(place, { passages, version: '1' });
  while (done < passages.length) done = index.addPassages(place.id, passages, done);
  index.finishStored(place.id, '1');
}

/** All that is kept, by conversation, and that what is indexed is what is kept. */
function readAll(db: DatabaseSync): unknown[] {
  db.exec("INSERT INTO texts (texts) VALUES ('integrity-check')");
  return db
    .prepare(
      `SELECT ref, version, number / 1024 AS at, turn_id, item_id, text
         FROM conversations LEFT JOIN passages ON conversation = key LEFT JOIN texts ON texts.rowid = number
         ORDER BY ref, number`,
    )
    .all();
}

const passage = fc.record({
  step: fc.integer({ min: 0, max: 2 }),
  turnId: fc.constantFrom('trn_a', undefined),
  text: fc.constantFrom('red apples', '検索エンジン', 'a pear, blue'),
});

/** Times never go back in a conversation. */
function toPassages(steps: readonly { step: number; turnId: string | undefined; text: string }[]): Passage[] {
  let at = 1000;
  return steps.map(({ step, ...said }) => {
    at += step;
    return { ...said, at };
  });
}

test('a conversation that grew, shrank or changed is kept as one that is new', () => {
  const talk = fc.array(passage, { maxLength: 70 });
  fc.assert(
    fc.property(fc.tuple(talk, talk, talk), fc.boolean(), ([begun, then, other], isCommitted) => {
      const [grown, fresh] = [openIndex(), openIndex()];
      const [first, second, beside] = [
        toPassages(begun),
        toPassages([...begun.slice(0, 40), ...then]),
        toPassages(other),
      ];
      keep(grown.index, 'a', first);
      keep(grown.index, 'b', beside);
      if (isCommitted) grown.index.commit();
      keep(grown.index, 'a', second);
      keep(fresh.index, 'a', second);
      keep(fresh.index, 'b', beside);
      for (const { index } of [grown, fresh]) index.commit();
      expect(readAll(grown.db)).toEqual(readAll(fresh.db));
      grown.index.forgetStored('claude', ['a', 'b']);
      grown.index.commit();
      expect(readAll(grown.db)).toEqual([]);
      expect(grown.finder.search({ q: 'apples', limit: 5 })).toEqual({ items: [] });
      for (const { index } of [grown, fresh]) index.close();
    }),
    { numRuns: 60 },
  );
});

test('what a growing conversation has already is not written again', () => {
  const { db, index } = openIndex();
  const talk = Array.from({ length: 200 }, (_, turn) => ({ at: 1000 + turn, text: `turn ${turn}` }));
  keep(index, 'a', talk);
  index.commit();
  const before = Number(db.prepare('SELECT total_changes() AS n').get()?.['n']);
  keep(index, 'a', [...talk, { at: 2000, text: 'one more' }]);
  index.commit();
  expect(Number(db.prepare('SELECT total_changes() AS n').get()?.['n']) - before).toBeLessThan(20);
  expect(index.count().passages).toBe(201);
  index.close();
});

test('a time that no calendar of ours reaches is kept, and does not hold up the next', () => {
  const { index, finder } = openIndex();
  const at = Date.UTC(9999, 11, 31);
  keep(index, 'a', [
    { at, text: 'far apples' },
    { at, text: 'farther apples' },
  ]);
  index.commit();
  expect(finder.search({ q: 'apples', limit: 5 }).items.map(({ text }) => text)).toEqual([
    'farther apples',
    'far apples',
  ]);
  index.close();
});

test('a write that fails takes its batch with it, which is then read again, and the next one stands', () => {
  const { db, index } = openIndex();
  db.exec(`CREATE TEMP TRIGGER refuse BEFORE INSERT ON passages WHEN new.turn_id = 'trn_bad'
             BEGIN SELECT raise(ABORT, 'no room'); END`);
  keep(index, 'a', [{ at: 1, text: 'good' }]);
  expect(() => keep(index, 'b', [{ at: 2, turnId: 'trn_bad', text: 'bad' }])).toThrow('no room');
  expect(index.listVersions('claude')).toEqual(new Map());
  keep(index, 'c', [{ at: 3, text: 'good again' }]);
  index.commit();
  expect(index.listVersions('claude')).toEqual(new Map([['c', '1']]));
  expect(index.count()).toMatchObject({ stored: 1, passages: 1 });
  index.close();
});
