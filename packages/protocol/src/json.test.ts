import { expect, test } from 'vitest';
import { parseJson, toWellFormed } from './json.ts';

const nest = (levels: number, begin = '[', end = ']') => `${begin.repeat(levels)}1${end.repeat(levels)}`;

test('reads what is nested as deep as anybody means it', () => {
  expect(parseJson(nest(500)).ok).toBe(true);
  expect(parseJson(nest(500, '{"a":', '}')).ok).toBe(true);
});

test('refuses what could be read and not be written again', () => {
  for (const levels of [501, 10_000, 1_000_000])
    expect(parseJson(nest(levels))).toEqual({ ok: false, reason: 'it is nested more than 500 levels deep' });
  expect(parseJson(nest(10_000, '{"a":', '}')).ok).toBe(false);
});

test('leaves whole characters, and puts a mark for half of one', () => {
  const face = '\ud83d\ude00\u2028\0';
  expect(toWellFormed({ 'a\ud83d': ['\udc00b', { face }], n: 1, none: null })).toEqual({
    'a\ufffd': ['\ufffdb', { face }],
    n: 1,
    none: null,
  });
});
