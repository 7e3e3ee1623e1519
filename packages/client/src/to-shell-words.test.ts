import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { toShellWords } from './to-shell-words.ts';

test('a shell takes the words as they were', () => {
  const words = ['printf', '%s\\n', 'unix:///a b/c.sock', "it's", '$HOME `x` "y"', '', 'plain'];
  expect(execFileSync('sh', ['-c', toShellWords(words)], { encoding: 'utf8' })).toBe(`${words.slice(2).join('\n')}\n`);
});

test('what needs no quotes has none', () => {
  expect(toShellWords(['codex', '--remote', 'unix:///run/baton.sock', 'resume', '01a2'])).toBe(
    'codex --remote unix:///run/baton.sock resume 01a2',
  );
});
