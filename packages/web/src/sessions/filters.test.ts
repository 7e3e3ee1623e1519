import { describe, expect, it } from 'vitest';
import { applyFilters, isFiltered, NO_FILTERS, toFacets, toggleFilter } from './filters.ts';
import { toTestSession } from './test-session.ts';

const atlas = toTestSession({ cwd: '/a', backend: 'claude' });
const harbor = toTestSession({ cwd: '/h', backend: 'codex' });
const old = toTestSession({ cwd: '/a', backend: 'codex', archived: true });
const all = [atlas, harbor, old];

describe('applyFilters', () => {
  it('hides archived sessions unless they are asked for', () => {
    expect(applyFilters(all, NO_FILTERS)).toEqual([atlas, harbor]);
    expect(applyFilters(all, { archived: true })).toEqual([old]);
  });

  it('takes folder and agent together', () => {
    expect(applyFilters(all, { archived: false, folder: '/a' })).toEqual([atlas]);
    expect(applyFilters(all, { archived: false, folder: '/a', backend: 'codex' })).toEqual([]);
  });
});

describe('toggleFilter', () => {
  it('takes the same filter away the second time and keeps the other', () => {
    const folder = toggleFilter(NO_FILTERS, { folder: '/a' });
    const both = toggleFilter(folder, { backend: 'codex' });
    expect(both).toEqual({ archived: false, folder: '/a', backend: 'codex' });
    expect(toggleFilter(both, { folder: '/a' })).toEqual({ archived: false, backend: 'codex' });
    expect(isFiltered(both)).toBe(true);
    expect(isFiltered(NO_FILTERS)).toBe(false);
  });

  it('changes to another value at once', () => {
    expect(toggleFilter({ archived: false, folder: '/a' }, { folder: '/h' }).folder).toBe('/h');
  });
});

it('counts sessions by folder, those with most first, without archived ones', () => {
  const more = toTestSession({ cwd: '/h' });
  expect(toFacets([...all, more], 'cwd')).toEqual([
    { value: '/h', count: 2 },
    { value: '/a', count: 1 },
  ]);
});
