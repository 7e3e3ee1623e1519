import { diffWordsWithSpace } from 'diff';
import type { DiffLine } from './parse-patch.ts';

/** A stretch of a line that differs from its counterpart: from `start` up to, not including, `end`. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

const MAX_LINE = 400;
/** Runs longer than this are rewritten, not edited. */
const MAX_PAIRS = 900;
/** Below this share of common text two lines are different lines, and marks would be noise. */
const MIN_COMMON = 0.4;

/** For each line of a hunk what of it changed, where a removed line has an added one that takes its place. */
export function toWordMarks(lines: readonly DiffLine[]): ReadonlyMap<DiffLine, readonly Mark[]> {
  const marks = new Map<DiffLine, readonly Mark[]>();
  for (const { removed, added } of toChanges(lines)) {
    if (removed.length * added.length > MAX_PAIRS) continue;
    let from = 0;
    for (const before of removed) {
      const found = findCounterpart(before, added, from);
      if (found === undefined) continue;
      marks.set(before, found.marks.before);
      marks.set(found.line, found.marks.after);
      from = found.index + 1;
    }
  }
  return marks;
}

// The first line from there on that has enough in common: changed lines keep their order.
function findCounterpart(before: DiffLine, added: readonly DiffLine[], from: number) {
  for (let index = from; index < added.length; index += 1) {
    const line = added[index];
    const marks = line === undefined ? undefined : compareLines(before.text, line.text);
    if (line !== undefined && marks !== undefined) return { line, marks, index };
  }
  return undefined;
}

/** Runs of removed lines with the added lines that follow them. */
export function toChanges(lines: readonly DiffLine[]): { removed: DiffLine[]; added: DiffLine[] }[] {
  const changes: { removed: DiffLine[]; added: DiffLine[] }[] = [];
  let previous: DiffLine['kind'] = 'context';
  for (const line of lines) {
    const startsAnew = previous === 'context' || (line.kind === 'removed' && previous === 'added');
    if (line.kind !== 'context' && startsAnew) changes.push({ removed: [], added: [] });
    if (line.kind !== 'context') changes.at(-1)?.[line.kind].push(line);
    previous = line.kind;
  }
  return changes;
}

/** What differs between two versions of a line; undefined when they have too little in common. */
export function compareLines(before: string, after: string): { before: Mark[]; after: Mark[] } | undefined {
  if (before.length > MAX_LINE || after.length > MAX_LINE) return undefined;
  const marks = { before: [] as Mark[], after: [] as Mark[] };
  let common = 0;
  const at = { before: 0, after: 0 };
  for (const { value, added, removed } of diffWordsWithSpace(before, after)) {
    if (removed) marks.before.push({ start: at.before, end: at.before + value.length });
    else if (added) marks.after.push({ start: at.after, end: at.after + value.length });
    else common += value.trim().length;
    if (!added) at.before += value.length;
    if (!removed) at.after += value.length;
  }
  const longest = Math.max(before.trim().length, after.trim().length);
  return common >= longest * MIN_COMMON ? { before: join(marks.before), after: join(marks.after) } : undefined;
}

function join(marks: readonly Mark[]): Mark[] {
  const joined: Mark[] = [];
  for (const mark of marks) {
    const last = joined.at(-1);
    if (last?.end === mark.start) joined[joined.length - 1] = { start: last.start, end: mark.end };
    else joined.push(mark);
  }
  return joined;
}
