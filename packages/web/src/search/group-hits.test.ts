import { createId, type SearchHit } from '@baton/protocol';
import { expect, it } from 'vitest';
import { groupHits } from './group-hits.ts';

const [one, two] = [createId('session'), createId('found')];
const AT = '2026-01-01T00:00:00.000Z';
const base = { title: 'A talk', backend: 'claude', cwd: '/w', at: AT, marks: [] };
const hit = (place: Pick<SearchHit, 'sessionId' | 'foundId'>, text: string): SearchHit => ({ ...base, ...place, text });

it('puts hits of one conversation together, in the place of the newest, and counts what is left out', () => {
  const hits = [
    hit({ sessionId: one }, 'a'),
    hit({ foundId: two }, 'b'),
    hit({ sessionId: one }, 'c'),
    hit({ sessionId: one }, 'd'),
  ];
  const groups = groupHits(hits, 2);
  expect(groups.map(({ id, more }) => [id, more])).toEqual([
    [one, 1],
    [two, 0],
  ]);
  expect(groups[0]?.hits.map(({ text }) => text)).toEqual(['a', 'c']);
});
