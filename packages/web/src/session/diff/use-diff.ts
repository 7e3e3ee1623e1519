import { useMemo } from 'react';
import type { CodeLine } from '../code/code-line.ts';
import { toLanguageOfPath } from '../code/languages.ts';
import { useHighlight } from '../code/use-highlight.ts';
import { markLine, type MarkedToken } from './mark-line.ts';
import { parsePatch, toSide, type DiffHunk, type DiffLine } from './parse-patch.ts';
import { toWordMarks, type Mark } from './word-marks.ts';

export interface Diff {
  readonly hunks: readonly DiffHunk[];
  /** The text of a line with its colours and marks. */
  tokens(line: DiffLine): readonly MarkedToken[];
}

/** A patch read, marked and, when the page is idle, coloured. Both sides are coloured as the code they are. */
export function useDiff(path: string, patch: string): Diff {
  const read = useMemo(() => readPatch(patch), [patch]);
  const language = toLanguageOfPath(path);
  const before = useHighlight(read.before, language);
  const after = useHighlight(read.after, language);
  return useMemo(() => {
    const coloured = new Map<DiffLine, CodeLine>();
    assign(
      coloured,
      read.lines.filter((line) => line.kind !== 'added'),
      before,
    );
    assign(
      coloured,
      read.lines.filter((line) => line.kind !== 'removed'),
      after,
    );
    const plain = (line: DiffLine): CodeLine => [{ text: line.text, className: undefined }];
    const tokens = (line: DiffLine) => markLine(coloured.get(line) ?? plain(line), read.marks.get(line) ?? []);
    return { hunks: read.hunks, tokens };
  }, [read, before, after]);
}

interface ReadPatch {
  hunks: DiffHunk[];
  lines: DiffLine[];
  marks: Map<DiffLine, readonly Mark[]>;
  before: string;
  after: string;
}

function readPatch(patch: string): ReadPatch {
  const hunks = parsePatch(patch);
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const marks = new Map(hunks.flatMap((hunk) => [...toWordMarks(hunk.lines)]));
  return { hunks, lines, marks, before: toSide(lines, 'before'), after: toSide(lines, 'after') };
}

// Colours belong to a line only when they are of the same text: a colouring that is still under way may be shorter.
function assign(coloured: Map<DiffLine, CodeLine>, lines: readonly DiffLine[], colours: readonly CodeLine[]): void {
  for (const [index, line] of lines.entries()) {
    const colour = colours[index];
    const text = colour?.map((token) => token.text).join('');
    if (colour !== undefined && text === line.text) coloured.set(line, colour);
  }
}
