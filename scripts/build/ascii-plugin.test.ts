import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { toAscii } from './ascii-plugin.ts';

test('strings, templates and patterns mean the same in ASCII', () => {
  const code = '["…\u{1f600}é\u2028", `–${1}│`, /^[\u2000-\u200a]$/u.test("\u2003"), /^\u{1f600}$/u.test("\u{1f600}")]';
  const ascii = toAscii(code, 'chunk.js');
  expect(ascii).toMatch(/^[\0-\x7f]*$/);
  expect(run(ascii)).toBe(run(code));
  expect(run(ascii)).toContain('true,true');
});

test('code in ASCII stays as it is', () => {
  expect(toAscii('const a = "\\u2026";', 'chunk.js')).toBe('const a = "\\u2026";');
});

test('an escaped character, which would become another one, is refused', () => {
  expect(() => toAscii('const a = "\\…";', 'chunk.js')).toThrow('chunk.js');
});

function run(code: string): unknown {
  return runInNewContext(`JSON.stringify(${code})`);
}
