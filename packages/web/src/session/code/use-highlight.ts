import { useEffect, useState } from 'react';
import { extendLines, type CodeLine } from './code-line.ts';
import { createHighlighter } from './highlighter.ts';
import type { Language } from './languages.ts';

const whenIdle = (job: () => void) => {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(job, { timeout: 400 });
  else setTimeout(job, 16);
};

const highlighter = createHighlighter({
  load: async () => (await import('./shiki-engine.ts')).createShikiEngine(),
  whenIdle,
});

/** The lines of code, plain at first and coloured when the page is idle. Nothing moves when the colours come. */
export function useHighlight(code: string, language: Language | undefined): readonly CodeLine[] {
  const [coloured, setColoured] = useState<{ code: string; lines: readonly CodeLine[] }>();
  const known = language === undefined ? undefined : highlighter.peek(code, language);
  useEffect(() => {
    if (language === undefined || known !== undefined || code === '') return undefined;
    return highlighter.request(code, language, (lines) => setColoured({ code, lines }));
  }, [code, language, known]);
  if (known !== undefined) return known;
  if (coloured?.code === code && language !== undefined) return coloured.lines;
  return extendLines(code, language === undefined ? undefined : coloured);
}
