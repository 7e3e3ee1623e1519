import { expect, test } from 'vitest';
import { toFit } from './picture-address.ts';

test.each([
  [
    { naturalWidth: 640, naturalHeight: 320 },
    { width: 64, height: 32 },
  ],
  [
    { naturalWidth: 8, naturalHeight: 16 },
    { width: 32, height: 64 },
  ],
  [
    { naturalWidth: 10_000, naturalHeight: 1 },
    { width: 64, height: 1 },
  ],
  [
    { naturalWidth: 0, naturalHeight: 0 },
    { width: 64, height: 64 },
  ],
])('a picture of %j keeps its shape in a square', (size, fit) => {
  expect(toFit(size, 64)).toEqual(fit);
});
