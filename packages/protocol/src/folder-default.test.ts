import { expect, test } from 'vitest';
import { findFolderDefault, folderDefaultsSchema } from './folder-default.ts';

const items = [
  { folder: '/home/ann', backend: 'worker' },
  { folder: '/home/ann/code/', backend: 'claude', model: 'opus' },
  { folder: '/home/ann/code/api', backend: 'codex' },
];

test('the nearest folder above wins, by whole names', () => {
  expect(findFolderDefault(items, '/home/ann/code/api/src')?.backend).toBe('codex');
  expect(findFolderDefault(items, '/home/ann/code/api2')?.backend).toBe('claude');
  expect(findFolderDefault(items, '/home/ann/code')?.backend).toBe('claude');
  expect(findFolderDefault(items, '/home/ann2')).toBeUndefined();
  expect(findFolderDefault([{ folder: '/', backend: 'worker' }], '/anything')?.backend).toBe('worker');
});

test('a folder is absolute and named once', () => {
  expect(folderDefaultsSchema.safeParse(items).success).toBe(true);
  expect(folderDefaultsSchema.safeParse([{ folder: 'code', backend: 'x' }]).success).toBe(false);
  const twice = [
    { folder: '/a/b', backend: 'x' },
    { folder: '/a/b/', backend: 'y' },
  ];
  expect(folderDefaultsSchema.safeParse(twice).success).toBe(false);
});
