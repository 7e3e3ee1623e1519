import { expect, test } from 'vitest';
import { createPaint, hasColors } from './paint.ts';

test.each<[Record<string, string>, boolean, boolean]>([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ TERM: 'dumb' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, false, false],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
])('%j on a terminal: %s -> colours: %s', (env, isTty, expected) => {
  expect(hasColors(env, isTty)).toBe(expected);
});

test('without colours text stays as it is', () => {
  expect(createPaint(false)('bad', 'no')).toBe('no');
  expect(createPaint(true)('bad', 'no')).toBe('\u001b[31mno\u001b[0m');
});
