import { describe, expect, test } from 'vitest';
import { extendLines, toPlainLines, type CodeLine } from './code-line.ts';
import { createHighlighter } from './highlighter.ts';
import { toLanguage, toLanguageOfPath } from './languages.ts';
import { createShikiEngine } from './shiki-engine.ts';

const request = (highlighter: ReturnType<typeof createHighlighter>, code: string) =>
  new Promise<readonly CodeLine[]>((resolve) => highlighter.request(code, 'typescript', resolve));

describe('highlighter', () => {
  test('colours code by its grammar and gives it at once the second time', async () => {
    const highlighter = createHighlighter({ load: () => createShikiEngine(60_000), whenIdle: queueMicrotask });
    const code = 'const answer = 42; // why\nreturn "x";';
    expect(highlighter.peek(code, 'typescript')).toBeUndefined();
    const lines = await request(highlighter, code);
    expect(lines.map((line) => line.map((token) => token.text).join('')).join('\n')).toBe(code);
    const classes = lines.flat().map((token) => token.className);
    expect(classes).toEqual(expect.arrayContaining(['code-keyword', 'code-number', 'code-comment', 'code-string']));
    expect(highlighter.peek(code, 'typescript')).toBe(lines);
  });

  test('a cancelled request is never answered and holds nothing up', async () => {
    const done: string[] = [];
    const engine = { highlight: async (code: string) => toPlainLines(code) };
    const highlighter = createHighlighter({ load: async () => engine, whenIdle: queueMicrotask });
    const cancel = highlighter.request('first', 'typescript', () => done.push('first'));
    cancel();
    await request(highlighter, 'second');
    expect(done).toEqual([]);
  });

  test('a grammar that fails leaves the others working', async () => {
    const engine = {
      highlight: async (code: string) => {
        if (code === 'bad') throw new Error('no such grammar');
        return toPlainLines(code);
      },
    };
    const highlighter = createHighlighter({ load: async () => engine, whenIdle: queueMicrotask });
    highlighter.request('bad', 'typescript', () => expect.unreachable());
    expect(await request(highlighter, 'good')).toEqual(toPlainLines('good'));
  });
});

test('languages are known by name, by other names and by files', () => {
  expect(['ts', 'Bash', 'C++', 'unheard', ''].map(toLanguage)).toEqual([
    'typescript',
    'shellscript',
    'cpp',
    undefined,
    undefined,
  ]);
  expect(['src/a.test.tsx', 'Dockerfile', '.env', 'Makefile', 'LICENSE', 'C:\\x\\y.py'].map(toLanguageOfPath)).toEqual([
    'tsx',
    'docker',
    'ini',
    'make',
    undefined,
    'python',
  ]);
});

test('code that grew keeps the colours of its finished lines', () => {
  const lines = [[{ text: 'const a', className: 'code-keyword' }], [{ text: 'let', className: 'code-keyword' }]];
  const extended = extendLines('const a\nletter\nx', { code: 'const a\nlet', lines });
  expect(extended[0]).toBe(lines[0]);
  expect(extended.slice(1)).toEqual(toPlainLines('letter\nx'));
});
