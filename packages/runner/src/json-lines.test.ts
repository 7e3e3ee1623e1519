import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SplitLine, createLineSplitter } from './json-lines.ts';

function split(bytes: Uint8Array, cuts: readonly number[], maxLineBytes = 1_000_000): SplitLine[] {
  const splitter = createLineSplitter({ maxLineBytes });
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other), bytes.length];
  const lines = edges.slice(1).flatMap((edge, index) => splitter.push(bytes.subarray(edges[index], edge)));
  return [...lines, ...splitter.end()];
}

const texts = (lines: readonly SplitLine[]) => lines.map((line) => (line.type === 'line' ? line.text : line));

describe('createLineSplitter', () => {
  test('gives back any lines however the bytes are cut', () => {
    const anyLine = fc
      .string({ unit: 'binary', maxLength: 40 })
      .filter((text) => !text.includes('\n') && text.isWellFormed());
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 30 }), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8');
        expect(texts(split(bytes, cuts))).toEqual(lines);
      }),
      { numRuns: 500 },
    );
  });

  test('gives the same lines for any bytes, whole or cut, and never throws', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        fc.nat(40),
        (bytes, cuts, cap) => {
          expect(split(bytes, cuts, cap)).toEqual(split(bytes, [], cap));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('leaves out a line over the cap, says how long it was, and goes on with the next', () => {
    const bytes = Buffer.from(`abc\n${'z'.repeat(11)}\n${'y'.repeat(10)}\n`);
    const expected = ['abc', { type: 'overlong', bytes: 11 }, 'yyyyyyyyyy'];
    for (let cut = 0; cut < bytes.length; cut += 1) expect(texts(split(bytes, [cut], 10))).toEqual(expected);
  });

  test('tells the beginning of a line over the cap as soon as it is over, once', () => {
    const heads: string[] = [];
    const splitter = createLineSplitter({ maxLineBytes: 10, onOverflow: (head) => heads.push(head) });
    splitter.push(Buffer.from('1234567890'));
    expect(heads).toEqual([]);
    splitter.push(Buffer.from('é'));
    expect(heads).toEqual(['1234567890é']);
    for (let count = 0; count < 100; count += 1) splitter.push(Buffer.from('more of it'));
    expect(splitter.push(Buffer.from('\nnext\n'))).toEqual([
      { type: 'overlong', bytes: 1012 },
      { type: 'line', text: 'next' },
    ]);
    expect(heads.length).toBe(1);
    splitter.push(Buffer.concat([Buffer.from('a'), Buffer.from('é'.repeat(5000))]));
    expect(heads[1]).toBe(`a${'é'.repeat(999)}`);
  });

  test('counts bytes, not characters, against the cap', () => {
    expect(texts(split(Buffer.from('éé\n'), [], 3))).toEqual([{ type: 'overlong', bytes: 4 }]);
  });

  test('keeps line separators, carriage returns and a byte order mark inside a line', () => {
    expect(texts(split(Buffer.from('\ufeffa\u2028b\u2029c\r\nd\re\n'), []))).toEqual([
      '\ufeffa\u2028b\u2029c\r',
      'd\re',
    ]);
  });

  test('replaces invalid bytes', () => {
    expect(texts(split(Buffer.from([0x61, 0xff, 0xc3, 0x0a, 0x62, 0x0a]), [2]))).toEqual(['a\ufffd\ufffd', 'b']);
  });

  test('keeps empty lines and a last line without an end', () => {
    expect(texts(split(Buffer.from('\n\nlast'), [1, 2]))).toEqual(['', '', 'last']);
    expect(split(Buffer.from(''), [])).toEqual([]);
  });
});
