import { describe, expect, test } from 'vitest';
import { parseAnsi, stripAnsi } from './ansi.ts';

const ESC = '\u001b';

describe('parseAnsi', () => {
  test('plain lines are plain lines', () => {
    expect(parseAnsi('a\nb')).toEqual([[{ text: 'a', style: {} }], [{ text: 'b', style: {} }]]);
  });

  test('a line end at the very end makes no empty line', () => {
    expect(parseAnsi('a\n')).toHaveLength(1);
    expect(parseAnsi('a\n\n')).toHaveLength(2);
  });

  test('colours and weights open and close', () => {
    expect(parseAnsi(`${ESC}[1;31mFAIL${ESC}[0m x`)).toEqual([
      [
        { text: 'FAIL', style: { bold: true, fg: 1 } },
        { text: ' x', style: {} },
      ],
    ]);
  });

  test.each([
    ['91', { fg: 9 }],
    ['44', { bg: 4 }],
    ['103', { bg: 11 }],
    ['38;5;208', { fg: 208 }],
    ['38;2;1;2;3', { fg: [1, 2, 3] }],
    ['48;2;1;2;3;4', { bg: [1, 2, 3], underline: true }],
    ['1;22', {}],
    ['31;39', {}],
    ['38;5;999', {}],
    ['38', {}],
    ['777', {}],
    ['7;9;3', { inverse: true, strike: true, italic: true }],
  ])('rendition %s gives its style', (codes, style) => {
    expect(parseAnsi(`${ESC}[${codes}mx`)).toEqual([[{ text: 'x', style }]]);
  });

  test('an empty rendition resets', () => {
    expect(parseAnsi(`${ESC}[31ma${ESC}[mb`)[0]?.[1]).toEqual({ text: 'b', style: {} });
  });

  test('a style goes on over line ends', () => {
    expect(parseAnsi(`${ESC}[32ma\nb`)[1]).toEqual([{ text: 'b', style: { fg: 2 } }]);
  });
});

describe('what moves within a line', () => {
  test('a carriage return writes over the line, as progress bars do', () => {
    expect(stripAnsi('10%\r50%\r100%\ndone')).toBe('100%\ndone');
    expect(stripAnsi('longer\rab')).toBe('abnger');
  });

  test('Windows line ends are line ends', () => {
    expect(stripAnsi('a\r\nb\r\n')).toBe('a\nb');
  });

  test('erasing clears the rest, the start or all of the line', () => {
    expect(stripAnsi(`working${ESC}[2K\rdone`)).toBe('done');
    expect(stripAnsi(`abcdef\rab${ESC}[K`)).toBe('ab');
  });

  test('a backspace steps back', () => {
    expect(stripAnsi('ab\bc')).toBe('ac');
  });

  test('all of a very long line is there', () => {
    const long = `${'x'.repeat(30_000)}the end`;
    expect(stripAnsi(`${long}${ESC}[C!\nnext`)).toBe(`${long}!\nnext`);
  });

  test('a column far out costs no memory', () => {
    expect(stripAnsi(`${ESC}[999999999Cx`).length).toBeLessThanOrEqual(10_001);
  });
});

describe('what is dropped', () => {
  test('titles, links and cursor movements', () => {
    expect(
      stripAnsi(
        `${ESC}]0;title\u0007a${ESC}]8;;https://x.example${ESC}\\link${ESC}]8;;${ESC}\\${ESC}[2J${ESC}[H${ESC}[?25lb`,
      ),
    ).toBe('alinkb');
  });

  test('control characters and an escape cut in the middle', () => {
    expect(stripAnsi(`a\u0000\u0007b${ESC}`)).toBe('ab');
    expect(stripAnsi(`a${ESC}[3`)).toBe('a');
    expect(stripAnsi(`a${ESC}]0;never ends`)).toBe('a');
  });

  test('characters outside the basic plane stay whole', () => {
    expect(parseAnsi('\u{1f680}x')).toEqual([[{ text: '\u{1f680}x', style: {} }]]);
  });
});
