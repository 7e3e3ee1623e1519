import { expect, it } from 'vitest';
import { toPieces } from './to-pieces.ts';

const show = (text: string, marks: [number, number][]) =>
  toPieces(
    text,
    marks.map(([start, end]) => ({ start, end })),
  )
    .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
    .join('');

it('marks what matched and leaves the rest as it is', () => {
  expect(
    show('red apples, green apples', [
      [4, 10],
      [18, 24],
    ]),
  ).toBe('red [apples], green [apples]');
  expect(show('apples', [[0, 6]])).toBe('[apples]');
  expect(show('nothing', [])).toBe('nothing');
});

it('keeps every letter whatever the marks are', () => {
  expect(
    show('abcdef', [
      [3, 5],
      [1, 4],
    ]),
  ).toBe('a[bcd][e]f');
  expect(
    show('abc', [
      [2, 99],
      [-5, 1],
      [7, 9],
    ]),
  ).toBe('[a]b[c]');
});
