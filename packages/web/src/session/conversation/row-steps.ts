import type { Row } from './row.ts';

const FOLDABLE = new Set<Row['kind']>(['tool', 'group', 'reasoning', 'plan']);

/** The prompt before or after the row at `from`; the nearest end when there is none. From nowhere, the last one. */
export function toNextTurn(rows: readonly Row[], from: number, step: 1 | -1): number {
  const starts = rows.flatMap((row, index) => (row.kind === 'prompt' && row.depth === 0 ? [index] : []));
  if (from < 0) return starts.at(-1) ?? 0;
  const next = step === 1 ? starts.find((index) => index > from) : starts.findLast((index) => index < from);
  return next ?? (step === 1 ? starts.at(-1) : starts[0]) ?? 0;
}

/** What `o` opens or folds from a row: itself, or from a prompt all that its turn holds. */
export function toFoldables(rows: readonly Row[], at: number): [keys: string[], unfolded: boolean] {
  const row = rows[at];
  if (row === undefined) return [[], true];
  if (isFoldable(row)) return [[row.key], !row.unfolded];
  const rest = rows.slice(at + 1);
  const end = rest.findIndex((other) => other.kind === 'prompt' && other.depth === 0);
  const held = (end === -1 ? rest : rest.slice(0, end)).filter(isFoldable).filter((other) => other.depth === row.depth);
  return [held.map((other) => other.key), !held.some((other) => other.unfolded)];
}

function isFoldable(row: Row): row is Extract<Row, { unfolded: boolean }> {
  return FOLDABLE.has(row.kind);
}
