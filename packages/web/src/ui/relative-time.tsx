import { useSyncExternalStore } from 'react';
import { toExactTime, toTimeWords } from './time-words.ts';

const TICK_MS = 15_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

// One clock for every time on the page, running only while one is shown.
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time of the page's slow clock, in epoch ms; it moves every 15 s. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

export interface RelativeTimeProps {
  /** RFC 3339. */
  at: string;
  className?: string;
}

/** "3 min ago", with the exact moment on hover. */
export function RelativeTime({ at, className }: RelativeTimeProps) {
  const moment = Date.parse(at);
  const current = Math.max(useNow(), moment);
  return (
    <time dateTime={at} title={toExactTime(moment)} className={className}>
      {toTimeWords(moment, current)}
    </time>
  );
}
