import { useState } from 'react';
import { toRows, type RowModel, type RowsInput } from './to-rows.ts';

/** The rows of a timeline; what did not change since the last render keeps its identity. */
export function useRows({ timeline, optimistic, folds }: RowsInput): RowModel {
  const [read] = useState(createReader);
  return read({ timeline, optimistic, folds });
}

function createReader() {
  let last: RowModel | undefined;
  return (input: RowsInput): RowModel => {
    const { timeline, optimistic, folds } = input;
    const before = last?.input;
    const isSame = before?.timeline === timeline && before.optimistic === optimistic && before.folds === folds;
    if (last !== undefined && isSame) return last;
    last = toRows(input, last);
    return last;
  };
}
