import { expect, test } from 'vitest';
import { toPathPieces } from './path-pieces.ts';

test.each([
  ['/home/ada/long-name', ['/', 'home/', 'ada/', 'long-name']],
  ['C:\\Users\\ada', ['C:\\', 'Users\\', 'ada']],
  ['\\\\server\\share/a', ['\\\\', 'server\\', 'share/', 'a']],
  ['/home/ada/', ['/', 'home/', 'ada/']],
  ['/', ['/']],
  ['', ['']],
])('a line of %j may end after each separator', (path, pieces) => {
  expect(toPathPieces(path)).toEqual(pieces);
  expect(pieces.join('')).toBe(path);
});
