import type { CodeLine } from './code-line.ts';
import type { Language } from './languages.ts';
import type { ShikiEngine } from './shiki-engine.ts';

/** Beyond this, colours cost more than they tell. */
const MAX_CHARS = 60_000;
const KEPT = 400;

export interface HighlighterOptions {
  load(): Promise<ShikiEngine>;
  /** Runs a job when the page has nothing better to do. */
  whenIdle(job: () => void): void;
}

export interface Highlighter {
  /** The colours of code that was done before, at once. */
  peek(code: string, language: Language): readonly CodeLine[] | undefined;
  /** Colours in idle time, first asked first done; `done` is not called when they cannot be had. Returns how to cancel. */
  request(code: string, language: Language, done: (lines: readonly CodeLine[]) => void): () => void;
}

interface Job {
  code: string;
  language: Language;
  done: (lines: readonly CodeLine[]) => void;
}

export function createHighlighter({ load, whenIdle }: HighlighterOptions): Highlighter {
  const known = new Map<string, readonly CodeLine[]>();
  const queue: Job[] = [];
  let engine: Promise<ShikiEngine> | undefined;
  let running = false;
  const colour = async ({ code, language }: Job) => {
    const key = toKey(code, language);
    const before = known.get(key);
    if (before !== undefined) return before;
    engine ??= load();
    const lines = await (await engine).highlight(code, language);
    keep(known, key, lines);
    return lines;
  };
  const next = () => {
    const job = queue.shift();
    running = job !== undefined;
    if (job === undefined) return;
    const goOn = () => whenIdle(next);
    // A grammar that fails leaves the code plain, which is how it already stands.
    colour(job)
      .then((lines) => job.done(lines))
      .then(goOn, goOn);
  };
  return {
    peek: (code, language) => known.get(toKey(code, language)),
    request(code, language, done) {
      if (code.length > MAX_CHARS) return () => undefined;
      const job = { code, language, done };
      queue.push(job);
      if (!running) {
        running = true;
        whenIdle(next);
      }
      return () => {
        const index = queue.indexOf(job);
        if (index >= 0) queue.splice(index, 1);
        job.done = () => undefined;
      };
    },
  };
}

function toKey(code: string, language: Language): string {
  return `${language}\n${code}`;
}

// The oldest is forgotten first.
function keep(known: Map<string, readonly CodeLine[]>, key: string, lines: readonly CodeLine[]): void {
  known.set(key, lines);
  const oldest = known.keys().next();
  if (known.size > KEPT && oldest.done !== true) known.delete(oldest.value);
}
