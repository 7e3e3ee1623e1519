import { useState } from 'react';
import { toRows, type RowModel, type RowsInput } from './to-rows.ts';

const NO_STEERS: NonNullable<RowsInput['steering']> = [];

/** The rows of a timeline; what did not change since the last render keeps its identity. */
export function useRows({ timeline, optimistic, steering = NO_STEERS, folds }: RowsInput): RowModel {
  const [read] = useState(createReader);
  return read({ timeline, optimistic, steering, folds });
}

function createReader() {
  let last: RowModel | undefined;
  return (input: RowsInput): RowModel => {
    const { timeline, optimistic, steering, folds } = input;
    const before = last?.input;
    const isSame =
      before?.timeline === timeline &&
      before.optimistic === optimistic &&
      before.steering === steering &&
      before.folds === folds;
    if (last !== undefined && isSame) return last;
    last = toRows(input, last);
    return last;
  };
}
