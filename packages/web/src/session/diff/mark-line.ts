import type { CodeLine } from '../code/code-line.ts';
import type { Mark } from './word-marks.ts';

export interface MarkedToken {
  readonly text: string;
  readonly className: string | undefined;
  readonly marked: boolean;
}

/** A coloured line cut where its marks begin and end, so that both can be shown. */
export function markLine(line: CodeLine, marks: readonly Mark[]): MarkedToken[] {
  const result: MarkedToken[] = [];
  let at = 0;
  for (const { text, className } of line) {
    const end = at + text.length;
    const edges = marks.flatMap((mark) => [mark.start, mark.end]).filter((edge) => edge > at && edge < end);
    let from = at;
    for (const to of [...new Set(edges)].toSorted((a, b) => a - b).concat(end)) {
      const start = from;
      const marked = marks.some((mark) => mark.start <= start && start < mark.end);
      result.push({ text: text.slice(from - at, to - at), className, marked });
      from = to;
    }
    at = end;
  }
  return result;
}
