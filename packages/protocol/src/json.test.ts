import { expect, test } from 'vitest';
import { parseJson, toJsonLine, toWellFormed } from './json.ts';

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

test('a line of JSON is one for every reader, and means the same', () => {
  const odd = { text: 'a\u2028b\u2029c\u0085d\r\n\u009b31m\u007f\ufeff\\u2028 é 😀' };
  const line = toJsonLine(odd);
  expect(line).not.toMatch(/[\n\r\u0085\u2028\u2029\u0080-\u009f]/);
  expect(line).toContain('é 😀');
  expect(parseJson(line)).toEqual({ ok: true, value: odd });
});
