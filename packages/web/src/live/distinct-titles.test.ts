import { expect, test } from 'vitest';
import { withDistinctTitles } from './distinct-titles.ts';

test('agents of one title are told apart by their ids, and others are left alone', () => {
  const agents = [
    { id: 'work', title: 'Goose' },
    { id: 'home', title: 'Goose' },
    { id: 'claude', title: 'Claude Code' },
  ];
  expect(withDistinctTitles(agents)).toEqual([
    { id: 'work', title: 'Goose (work)' },
    { id: 'home', title: 'Goose (home)' },
    { id: 'claude', title: 'Claude Code' },
  ]);
});
