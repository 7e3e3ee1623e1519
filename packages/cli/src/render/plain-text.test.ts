import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shorten, toPlainLine, toPlainLines } from './plain-text.ts';

const ESC = '\u001b';

describe('an agent cannot drive the terminal', () => {
  test.each([
    ['colours', `${ESC}[31mred`, '\\x1b[31mred'],
    ['the cursor', `${ESC}[2J${ESC}[H`, '\\x1b[2J\\x1b[H'],
    ['the window title', `${ESC}]0;pwned\u0007`, '\\x1b]0;pwned\\x07'],
    ['the clipboard', `${ESC}]52;c;ZXZpbA==${ESC}\\`, '\\x1b]52;c;ZXZpbA==\\x1b\\'],
    ['links', `${ESC}]8;;https://evil.example${ESC}\\safe`, '\\x1b]8;;https://evil.example\\x1b\\safe'],
    ['eight-bit controls', '\u009b31m\u009d0;x\u009c', '\\x9b31m\\x9d0;x\\x9c'],
    ['backspaces over what was printed', 'rm -rf /\b\b\b', 'rm -rf /\\x08\\x08\\x08'],
    ['the order of letters', 'safe\u202eevil', 'safe\\u202eevil'],
  ])('not %s', (_, text, expected) => {
    expect(toPlainLines(text)).toBe(expected);
    expect(toPlainLine(text)).toBe(expected);
  });

  test('not by overwriting a line', () => {
    expect(toPlainLines('rm -rf /\rls')).toBe('rm -rf /ls');
    expect(toPlainLine('rm -rf /\rls')).toBe('rm -rf /\\rls');
  });

  test('not by cutting a sequence into pieces, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const printed = pieces.map(toPlainLines).join('');
        expect(printed).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(printed).toBe(toPlainLines(pieces.join('')));
      }),
    );
  });
});

test('text, line breaks and tabs stay as they are', () => {
  const text = 'Grüße, 世界 👋\n\tif (a < b) {}\n';
  expect(toPlainLines(text)).toBe(text);
  expect(toPlainLine('a\nb')).toBe('a\\nb');
});

test('what is too long is cut between letters', () => {
  expect(shorten('abc', 3)).toBe('abc');
  expect(shorten('abcd', 3)).toBe('ab…');
  expect(shorten('👋👋👋', 2)).toBe('👋…');
});
