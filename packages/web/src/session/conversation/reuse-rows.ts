import type { Row } from './row.ts';

/** The same rows, with each that equals an earlier one of its key replaced by that one. */
export function reuseRows(rows: readonly Row[], before: readonly Row[] | undefined): Row[] {
  if (before === undefined) return [...rows];
  const byKey = new Map(before.map((row) => [row.key, row]));
  return rows.map((row) => {
    const old = byKey.get(row.key);
    return old !== undefined && isSameRow(row, old) ? old : row;
  });
}

function isSameRow(row: Row, old: Row): boolean {
  const entries = Object.entries(row);
  const oldEntries = new Map(Object.entries(old));
  return (
    entries.length === oldEntries.size && entries.every(([name, value]) => isSameValue(value, oldEntries.get(name)))
  );
}

// Rows hold values of the timeline, which keep their identity, and lists of those.
function isSameValue(value: unknown, old: unknown): boolean {
  if (Object.is(value, old)) return true;
  if (!Array.isArray(value) || !Array.isArray(old) || value.length !== old.length) return false;
  return value.every((part, index) => Object.is(part, old[index]));
}
