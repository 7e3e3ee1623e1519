import { expect, it } from 'vitest';
import { holdLayout } from './hold-layout.ts';
import type { Layout } from './lanes.ts';

const HELD: Layout = { 'needs-you': ['a'], working: ['b', 'c'], quiet: ['d'] };

it('keeps every place while sessions move, and counts the moves', () => {
  const live: Layout = { 'needs-you': ['b', 'a'], working: ['c'], quiet: ['d'] };
  expect(holdLayout(HELD, live)).toEqual({ layout: HELD, changes: 1 });
});

it('holds back what is new, and counts it', () => {
  const live: Layout = { ...HELD, working: ['new', 'b', 'c'] };
  expect(holdLayout(HELD, live)).toEqual({ layout: HELD, changes: 1 });
});

it('lets go of what is gone', () => {
  const live: Layout = { ...HELD, working: ['c'] };
  expect(holdLayout(HELD, live)).toEqual({ layout: { ...HELD, working: ['c'] }, changes: 0 });
});

it('does not count a new order inside a lane: nothing would be seen elsewhere', () => {
  const live: Layout = { ...HELD, working: ['c', 'b'] };
  expect(holdLayout(HELD, live)).toEqual({ layout: HELD, changes: 0 });
});
