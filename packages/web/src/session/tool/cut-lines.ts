/** What of a long output is shown before somebody asks for all of it. */
export interface Cut<T> {
  readonly shown: readonly T[];
  readonly hidden: number;
}

// A few more lines than the limit are shown at once: "1 more line" takes as much room as the line.
const SLACK = 4;

export function cutHead<T>(lines: readonly T[], limit: number): Cut<T> {
  if (lines.length <= limit + SLACK) return { shown: lines, hidden: 0 };
  return { shown: lines.slice(0, limit), hidden: lines.length - limit };
}

/** The last lines: of a command these say how it went. */
export function cutTail<T>(lines: readonly T[], limit: number): Cut<T> {
  if (lines.length <= limit + SLACK) return { shown: lines, hidden: 0 };
  return { shown: lines.slice(-limit), hidden: lines.length - limit };
}
