import type { SQLOutputValue } from 'node:sqlite';
import { invariant } from '@baton/protocol';

// The tables are STRICT, so a column that has another type than the one asked for is a mistake in a statement.

export function toText(value: SQLOutputValue | undefined): string {
  invariant(typeof value === 'string', 'this column holds text');
  return value;
}

export function toNumber(value: SQLOutputValue | undefined): number {
  invariant(typeof value === 'number', 'this column holds a number');
  return value;
}
