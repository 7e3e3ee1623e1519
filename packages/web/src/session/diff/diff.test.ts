import { createPatch } from 'diff';
import { describe, expect, test } from 'vitest';
import { markLine } from './mark-line.ts';
import { isNewFile, parsePatch, toSide } from './parse-patch.ts';
import { toSplitRows } from './split-rows.ts';
import { compareLines, toWordMarks } from './word-marks.ts';

const PATCH = `--- a/src/app.ts
+++ b/src/app.ts
@@ -10,4 +10,5 @@ function start() {
 one
-const port = 80;
+const port = 8080;
+-- dashes
 two
@@ -40 +41 @@
-x
\\ No newline at end of file
+y
`;
const linesOf = (patch: string) => parsePatch(patch).flatMap((hunk) => hunk.lines);

describe('parsePatch', () => {
  test('numbers the lines of both sides', () => {
    const [first, second] = parsePatch(PATCH);
    expect(first).toMatchObject({ section: 'function start() {', beforeStart: 10, afterStart: 10 });
    expect(first?.lines).toEqual([
      { kind: 'context', before: 10, after: 10, text: 'one' },
      { kind: 'removed', before: 11, text: 'const port = 80;' },
      { kind: 'added', after: 11, text: 'const port = 8080;' },
      { kind: 'added', after: 12, text: '-- dashes' },
      { kind: 'context', before: 12, after: 13, text: 'two' },
    ]);
    expect(second?.lines.map((line) => line.kind)).toEqual(['removed', 'added']);
  });

  test('both sides come back as they were', () => {
    const before = 'a\nb\nc\n';
    const after = 'a\nB\nc\nd\n';
    const lines = linesOf(createPatch('f', before, after));
    expect(`${toSide(lines, 'before')}\n`).toBe(before);
    expect(`${toSide(lines, 'after')}\n`).toBe(after);
  });

  test.each(['', 'not a patch', '@@ broken @@\n+x', '--- a\n+++ b'])('%j gives nothing and does not fail', (patch) => {
    expect(linesOf(patch)).toEqual([]);
  });

  test.each(['\u2028', '\u2029', '\r'])('%j in the line that names the place ends no line', (end) => {
    const patch = PATCH.replace('start()', `start()${end}`);
    expect(parsePatch(patch)[0]?.section).toBe(`function start()${end} {`);
    expect(linesOf(patch)).toEqual(linesOf(PATCH));
    expect(isNewFile(PATCH.replace(' one', ` one${end}--- /dev/null${end}`))).toBe(false);
  });

  test('a patch cut in its middle gives its first part', () => {
    expect(linesOf(PATCH.slice(0, 80)).length).toBeGreaterThan(0);
  });

  test('a new file is known', () => {
    expect(isNewFile(createPatch('f', '', 'x\n'))).toBe(true);
    expect(isNewFile(PATCH)).toBe(false);
  });
});

describe('word marks', () => {
  test('mark what differs between a line and the one that took its place', () => {
    const lines = linesOf(PATCH);
    const marks = toWordMarks(lines);
    const marked = lines.map((line) => marks.get(line)?.map(({ start, end }) => line.text.slice(start, end)));
    expect(marked.slice(1, 3)).toEqual([['80'], ['8080']]);
    expect(marked[3]).toBeUndefined();
  });

  test('lines with little in common are not marked', () => {
    expect(compareLines('return a;', 'throw new Error("no");')).toBeUndefined();
  });

  test('very long lines are not compared', () => {
    expect(compareLines('a'.repeat(1000), 'a'.repeat(1001))).toBeUndefined();
  });
});

describe('split rows', () => {
  test('context stands beside itself, a change beside what replaced it', () => {
    const rows = toSplitRows(parsePatch(PATCH)[0]?.lines ?? []).map(({ left, right }) => [left?.text, right?.text]);
    expect(rows).toEqual([
      ['one', 'one'],
      ['const port = 80;', 'const port = 8080;'],
      [undefined, '-- dashes'],
      ['two', 'two'],
    ]);
  });

  test('changes that follow each other stay apart', () => {
    const lines = linesOf('@@ -1,4 +1,2 @@\n-a\n+b\n-c\n-d\n+e\n');
    expect(toSplitRows(lines).map(({ left, right }) => [left?.text, right?.text])).toEqual([
      ['a', 'b'],
      ['c', 'e'],
      ['d', undefined],
    ]);
  });
});

test('a coloured line is cut at its marks', () => {
  const line = [
    { text: 'const ', className: 'code-keyword' },
    { text: 'port = 80', className: undefined },
  ];
  expect(markLine(line, [{ start: 3, end: 8 }])).toEqual([
    { text: 'con', className: 'code-keyword', marked: false },
    { text: 'st ', className: 'code-keyword', marked: true },
    { text: 'po', className: undefined, marked: true },
    { text: 'rt = 80', className: undefined, marked: false },
  ]);
});
