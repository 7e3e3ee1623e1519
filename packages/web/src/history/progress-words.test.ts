import type { HistoryStatus } from '@baton/protocol';
import { expect, it } from 'vitest';
import { toProgressWords } from './progress-words.ts';

const ready: HistoryStatus = {
  ...{ state: 'ready', total: 1210, waiting: 0 },
  ...{ found: 1200, unreadable: 4, passages: 40_000 },
};

it('counts what is read of all there is', () => {
  expect(toProgressWords({ ...ready, state: 'indexing', total: 9310, waiting: 8106 })).toBe(
    'Reading 1,204 of 9,310 conversations',
  );
});

it('says why nothing can be found just now', () => {
  const problem = 'The index of conversations stopped (out of memory) and starts again in 1 s';
  expect(toProgressWords({ ...ready, state: 'scanning', problem })).toBe(problem);
});

it('says what it does before anything was found', () => {
  expect(toProgressWords({ ...ready, state: 'scanning', total: 0, found: 0, unreadable: 0 })).toMatch(/^Looking/);
});

it('is silent when all is read, and about the few that agents are writing', () => {
  expect(toProgressWords(ready)).toBeUndefined();
  expect(toProgressWords({ ...ready, state: 'indexing', waiting: 2 })).toBeUndefined();
  expect(toProgressWords({ ...ready, state: 'scanning' })).toBeUndefined();
  expect(toProgressWords(undefined)).toBeUndefined();
});
