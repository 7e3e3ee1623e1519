import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MARK, toFullTextQuery, toIndexed, toMarks } from './search-query.ts';

test.each([
  ['apple', '"apple"*'],
  ['red apple', '"red" AND "apple"*'],
  ['red apple ', '"red" AND "apple"'],
  ['"red apple"', '"red apple"'],
  ['"red apple" pie', '"red apple" AND "pie"*'],
  ['say "hi', '"say" AND """hi"*'],
  ['src/app.ts', '"src/app.ts"*'],
  ['red a', '"red"'],
  ['a', '"a"*'],
  ['red "a"', '"red" AND "a"'],
  ['red 山', '"red" AND "山"*'],
  ['NOT', '"NOT"*'],
  ['- * ""', undefined],
])('%s', (typed, query) => {
  expect(toFullTextQuery(typed)).toBe(query);
});

test('nothing that can be typed is an error of syntax', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(`CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = "unicode61 remove_diacritics 2")`);
  const find = db.prepare('SELECT rowid FROM texts WHERE texts MATCH ?');
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^["*():^+\-a-z ]{1,20}$/)),
      (typed) => {
        const query = toFullTextQuery(typed);
        if (query !== undefined) find.all(query);
      },
    ),
    { numRuns: 500 },
  );
  db.close();
});

test('what is set apart for the index is shown as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('検索', '한국어', 'ภาษาไทย', 'カー'), (text, more) => {
      const kept = `${text}${more}${text}`.replaceAll(/[\x1f\uE000\uE001]/gu, '');
      expect(toMarks(toIndexed(kept)).text).toBe(kept);
    }),
  );
});

test('marks are offsets into the text without them', () => {
  const { text, marks } = toMarks(`an ${MARK.start}apple${MARK.end} and a ${MARK.start}pear${MARK.end}`);
  expect(text).toBe('an apple and a pear');
  expect(marks.map(({ start, end }) => text.slice(start, end))).toEqual(['apple', 'pear']);
});
