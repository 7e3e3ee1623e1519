import { useSyncExternalStore } from 'react';

interface Spoken {
  polite: string;
  assertive: string;
}

let spoken: Spoken = { polite: '', assertive: '' };
let turn = 0;
const listeners = new Set<() => void>();

/** Has a screen reader say something. The same words twice are said twice. */
export function announce(text: string, urgency: 'polite' | 'assertive' = 'polite'): void {
  turn += 1;
  // A zero-width space makes a repeated message a new one.
  spoken = { ...spoken, [urgency]: turn % 2 === 0 ? `${text}\u200b` : text };
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Rendered once, at the root: live regions must be there before they speak. */
export function LiveRegion() {
  const { polite, assertive } = useSyncExternalStore(subscribe, () => spoken);
  return (
    <div className="sr-only">
      <div aria-live="polite">{polite}</div>
      <div aria-live="assertive">{assertive}</div>
    </div>
  );
}
