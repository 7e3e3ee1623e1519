import { expect, it } from 'vitest';
import { holdList } from './hold-list.ts';

const list = (...ids: string[]) => ids.map((id) => ({ id }));

it('keeps what is shown in its place, and tells that something else came', () => {
  expect(holdList(['a', 'b'], list('new', 'b', 'a'))).toEqual({ items: list('a', 'b'), changed: true });
});

it('adds what comes at the end and drops what is gone, which moves nothing above it', () => {
  expect(holdList(['a', 'b'], list('a', 'b', 'c'))).toEqual({ items: list('a', 'b', 'c'), changed: false });
  expect(holdList(['a', 'b'], list('a', 'c'))).toEqual({ items: list('a', 'c'), changed: false });
});

it('shows all of a list that was empty', () => {
  expect(holdList([], list('a'))).toEqual({ items: list('a'), changed: false });
});
