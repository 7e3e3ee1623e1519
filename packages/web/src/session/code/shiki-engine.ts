import { createHighlighterCore, type HighlighterCore, type ThemedToken } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import type { CodeLine } from './code-line.ts';
import { codeTheme, toTokenClass } from './code-theme.ts';
import { GRAMMARS, type Language } from './languages.ts';

const MAX_LINE = 1000;
// Per line, against expressions that run away. The first line of a grammar compiles it, which takes its time.
const TIME_LIMIT_MS = 1500;

export interface ShikiEngine {
  highlight(code: string, language: Language): Promise<CodeLine[]>;
}

/**
 * The highlighter itself. Loaded by `highlighter.ts` when the first code is shown, never with the page. A line that takes
 * longer than the limit keeps its rest plain.
 */
export async function createShikiEngine(timeLimitMs = TIME_LIMIT_MS): Promise<ShikiEngine> {
  const core = await createHighlighterCore({
    themes: [codeTheme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const loading = new Map<Language, Promise<void>>();
  return {
    async highlight(code, language) {
      const loaded = loading.get(language) ?? loadGrammar(core, language);
      loading.set(language, loaded);
      await loaded;
      const lines = core.codeToTokensBase(code, {
        lang: language,
        theme: codeTheme.name,
        tokenizeMaxLineLength: MAX_LINE,
        tokenizeTimeLimit: timeLimitMs,
      });
      return lines.map(toCodeLine);
    },
  };
}

async function loadGrammar(core: HighlighterCore, language: Language): Promise<void> {
  const grammar = await GRAMMARS[language]();
  await core.loadLanguage(grammar.default);
}

// Neighbours of one colour become one element.
function toCodeLine(tokens: readonly ThemedToken[]): CodeLine {
  const line: { text: string; className: string | undefined }[] = [];
  for (const token of tokens) {
    const className = toTokenClass(token.color);
    const last = line.at(-1);
    if (last !== undefined && last.className === className) last.text += token.content;
    else line.push({ text: token.content, className });
  }
  return line;
}
