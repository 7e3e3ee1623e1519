import { expect, test } from 'vitest';
import { toFolderOptions } from './folder-options.ts';

test('each folder is offered once, and the chosen one although nothing new was said there', () => {
  expect(toFolderOptions(['/w/atlas', '/w/atlas', '/w/birch'], '/old/cedar')).toEqual([
    { value: '/w/atlas', title: 'atlas', description: '/w/atlas' },
    { value: '/w/birch', title: 'birch', description: '/w/birch' },
    { value: '/old/cedar', title: 'cedar', description: '/old/cedar' },
  ]);
  expect(toFolderOptions([], undefined)).toEqual([]);
});
