import { isReached, type Measure, type Target } from './measure.ts';

const HEADINGS = ['what', 'measured', 'target', ''] as const;

/** All figures as one table of plain text. */
export function toReport(measures: readonly Measure[]): string {
  const rows = [HEADINGS, ...measures.map(toRow)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, column, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return lines.toSpliced(1, 0, '-'.repeat(Math.max(...lines.map((line) => line.length)))).join('\n');
}

function toRow({ name, value, unit, target }: Measure): readonly string[] {
  const verdict = target === undefined ? '' : isReached(value, target) ? 'reached' : 'MISSED';
  return [name, `${toNumber(value)} ${unit}`, target === undefined ? '' : toGoal(target), verdict];
}

function toGoal(target: Target): string {
  return 'atMost' in target ? `<= ${toNumber(target.atMost)}` : `>= ${toNumber(target.atLeast)}`;
}

function toNumber(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

// Numbers to the right, words to the left.
function pad(cell: string, column: number, width: number): string {
  return column === 1 || column === 2 ? cell.padStart(width) : cell.padEnd(width);
}
