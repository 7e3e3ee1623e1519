import type { ReadableStore } from '@baton/client';
import { useCallback, useRef, useSyncExternalStore } from 'react';

/** The value of a store, and a new render whenever it changes. */
export function useStore<T>(store: ReadableStore<T>): T {
  return useSyncExternalStore(
    useCallback((listener: () => void) => store.subscribe(listener), [store]),
    useCallback(() => store.get(), [store]),
  );
}

/** A part of a store: renders only when `isSame` (identity by default) says the part changed. */
export function useStorePart<T, P>(
  store: ReadableStore<T>,
  select: (value: T) => P,
  isSame: (a: P, b: P) => boolean = Object.is,
): P {
  const last = useRef<{ value: P } | null>(null);
  const read = () => {
    const value = select(store.get());
    if (last.current !== null && isSame(last.current.value, value)) return last.current.value;
    last.current = { value };
    return value;
  };
  return useSyncExternalStore(
    useCallback((listener: () => void) => store.subscribe(listener), [store]),
    read,
  );
}
