import { useSyncExternalStore } from 'react';
import { createStoredValue } from '../../ui/stored-value.ts';

const stored = createStoredValue('diff');
const listeners = new Set<() => void>();
let split = stored.get() === 'split';

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether diffs stand side by side where there is room; one choice for all of them, remembered. */
export function useSplit(): [boolean, (split: boolean) => void] {
  const value = useSyncExternalStore(subscribe, () => split);
  return [value, change];
}

function change(next: boolean): void {
  split = next;
  stored.set(next ? 'split' : 'inline');
  for (const tell of listeners) tell();
}
