import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

// One clock for all that counts seconds, running only while something does.
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const tell of listeners) tell();
}

const never = () => () => undefined;

/** Epoch ms, moving every second while `active`. */
export function useSecond(active = true): number {
  const read = () => (listeners.size === 0 ? Date.now() - (Date.now() % 1000) : now);
  return useSyncExternalStore(active ? subscribe : never, read);
}
