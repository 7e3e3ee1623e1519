import type { DiffLine } from './parse-patch.ts';
import { toChanges } from './word-marks.ts';

/** One row of a side-by-side view; a side is absent where the other has a line it has not. */
export interface SplitRow {
  readonly left?: DiffLine;
  readonly right?: DiffLine;
}

/** Lines of a hunk in two columns: context beside itself, removed beside what took its place. */
export function toSplitRows(lines: readonly DiffLine[]): SplitRow[] {
  const rows: SplitRow[] = [];
  const changes = toChanges(lines);
  const seen = new Set<DiffLine>();
  for (const line of lines) {
    if (line.kind === 'context') rows.push({ left: line, right: line });
    else if (!seen.has(line)) pushChange(rows, changes.shift(), seen);
  }
  return rows;
}

function pushChange(
  rows: SplitRow[],
  change: { removed: DiffLine[]; added: DiffLine[] } | undefined,
  seen: Set<DiffLine>,
): void {
  if (change === undefined) return;
  const { removed, added } = change;
  for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
    const left = removed[index];
    const right = added[index];
    rows.push({ ...(left === undefined ? {} : { left }), ...(right === undefined ? {} : { right }) });
  }
  for (const line of [...removed, ...added]) seen.add(line);
}
