import { useCallback, useMemo, useState } from 'react';
import { noFolds, type Folds } from './row.ts';

export interface FoldControls {
  readonly folds: Folds;
  fold(key: string, unfolded: boolean): void;
  foldAll(keys: readonly string[], unfolded: boolean): void;
  /** Opens all reasoning or folds all of it, whatever was opened one by one. */
  toggleReasoning(reasoningKeys: readonly string[]): void;
}

/** What the reader opened and folded in one session. */
export function useFolds(): FoldControls {
  const [folds, setFolds] = useState<Folds>(noFolds);
  const foldAll = useCallback((keys: readonly string[], unfolded: boolean) => {
    setFolds((before) => ({
      ...before,
      rows: new Map([...before.rows, ...keys.map((key) => [key, unfolded] as const)]),
    }));
  }, []);
  const fold = useCallback((key: string, unfolded: boolean) => foldAll([key], unfolded), [foldAll]);
  const toggleReasoning = useCallback((reasoningKeys: readonly string[]) => {
    setFolds((before) => {
      const own = new Set(reasoningKeys);
      const rows = new Map([...before.rows].filter(([key]) => !own.has(key)));
      return { reasoning: !before.reasoning, rows };
    });
  }, []);
  return useMemo(() => ({ folds, fold, foldAll, toggleReasoning }), [folds, fold, foldAll, toggleReasoning]);
}
