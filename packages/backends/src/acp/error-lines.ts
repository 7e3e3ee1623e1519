import type { Clock } from '@baton/core';
import { saysWhy } from '@baton/runner';

const MAX_LINES = 1000;
const KEPT = 5;
/** They come in showers, often while the agent starts: what fell in this time is one write to the log. */
const SHOWER_MS = 100;

export interface ErrorLines {
  /** One line; told a moment later, with those that come meanwhile. */
  take(text: string): void;
  /** Tells at once what was not told yet. */
  flush(): void;
  /** The last of those that may say why the agent failed. */
  last(): readonly string[];
}

/** What an agent prints on its stderr, as far as it is told: `onFlood` instead of the rest of very much. */
export function createErrorLines(told: { clock: Clock; onLine(text: string): void; onFlood(): void }): ErrorLines {
  const last: string[] = [];
  let untold: string[] = [];
  let taken = 0;

  function flush(): void {
    const texts = untold;
    untold = [];
    for (const text of texts) told.onLine(text);
    if (texts.length > 0 && taken === MAX_LINES) told.onFlood();
  }

  return {
    take(text) {
      if (saysWhy(text)) last.push(text);
      if (last.length > KEPT) last.shift();
      if (taken === MAX_LINES) return;
      taken += 1;
      if (untold.length === 0) told.clock.after(SHOWER_MS, flush);
      untold.push(text);
    },
    flush,
    last: () => last,
  };
}
