import { describe, expect, it } from 'vitest';
import { parseShellLine } from './shell-line.ts';

/** Each command as its words, `?` for one the shell makes and `…` for many; with `>` at the end when it uses a file. */
function read(line: string): string[] | undefined {
  const parsed = parseShellLine(line);
  if (!parsed.ok) return undefined;
  const shown = { no: '', one: '?', many: '…' };
  return parsed.commands.map(({ words, redirects }) =>
    [...words.map(({ text, open }) => text + shown[open]), ...(redirects ? ['>'] : [])].join('|'),
  );
}

describe('a line for a shell', () => {
  it.each([
    ['git status', ['git|status']],
    ['  git\tstatus  ', ['git|status']],
    ['git commit -m "a b" \'c d\'', ['git|commit|-m|a b|c d']],
    ['a && b || c; d | e |& f & g\nh', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']],
    ['g\\i"t" sta\'t\'us', ['git|status']],
    ['echo a\\ b', ['echo|a b']],
    ['git \\\n status', ['git|status']],
    ['git st\\\natus', ['git|status']],
    ['git status # rm -rf /', ['git|status']],
    ['git status # x \\\nrm -rf /', ['git|status', 'rm|-rf|/']],
    ['echo a#b', ['echo|a#b']],
    ['echo ";" "&&" \'|\' \\;', ['echo|;|&&|||;']],
    ['FOO=1 git status', ['FOO=1|git|status']],
    ['', []],
    ['# nothing', []],
  ])('%j is %j', (line, commands) => {
    expect(read(line)).toEqual(commands);
  });

  it.each([
    ['echo $(rm -rf /)', ['echo|…', 'rm|-rf|/']],
    ['echo "$(rm -rf /)"', ['echo|?', 'rm|-rf|/']],
    ['echo `rm x`', ['echo|…', 'rm|x']],
    ['echo "a`rm x`b"', ['echo|ab?', 'rm|x']],
    ['echo $(a $(b; c) "d)")', ['echo|…', 'a|…|d)', 'b', 'c']],
    ["echo '$(rm x)'", ['echo|$(rm x)']],
    ['echo $HOME "${HOME}" "$@" $1', ['echo|…|?|…|…']],
    ['ls *.ts a?b {a,b} [ab]', ['ls|*.ts…|a?b…|{a,b}…|[ab]…']],
    ['ls "*.ts"', ['ls|*.ts']],
    ['echo "$"', ['echo|$']],
  ])('%j has what is inside: %j', (line, commands) => {
    expect(read(line)).toEqual(commands);
  });

  it.each([
    ['echo x > file', ['echo|x|>']],
    ['echo x >> ~/.bashrc', ['echo|x|>']],
    ['cat < file', ['cat|>']],
    ['echo x >| file', ['echo|x|>']],
    ['echo x &> file', ['echo|x|>']],
    ['echo x >&file', ['echo|x|>']],
    ['> file', ['>']],
    ['make 2>&1', ['make']],
    ['make 2>&1 >/dev/null', ['make']],
    ['make &>/dev/null; ls', ['make', 'ls']],
    ['make > $OUT', ['make|>']],
    ['make > "/dev/null"', ['make']],
  ])('%j uses files: %j', (line, commands) => {
    expect(read(line)).toEqual(commands);
  });

  it.each([
    ...['(cd x && rm y)', '{ rm x; }', 'if a; then b; fi', 'for x in a b; do c; done', 'while :; do a; done'],
    ...['f() { rm x; }', 'function f { rm x; }', 'case a in b) c;; esac', '! a', 'time a', '[[ a ]]', 'coproc a'],
    ...['cat <<EOF\nrm x\nEOF', 'cat <<< x', 'diff <(a) <(b)', 'tee >(a)', 'a=(b c)', 'echo $((1+1))', 'echo $[1+1]'],
    ...[
      'echo "unclosed',
      "echo 'unclosed",
      'echo `unclosed',
      'echo $(unclosed',
      'echo \\',
      'echo $(a))',
      'a)',
      'a ;; b',
    ],
    ...["echo $'\\x41'", 'echo $"a"', 'echo ${x:-$(rm y)}', 'echo ${!x}', 'echo "`echo \\"; rm x`"', 'echo $'],
    ...['git status\rrm x', 'git status\0rm x', 'git status\u001b[2K', 'shopt -s x; @(a|b)', 'x'.repeat(60_000)],
    `${'$('.repeat(20)}a${')'.repeat(20)}`,
  ])('%j is more than anybody should conclude from', (line) => {
    expect(parseShellLine(line).ok).toBe(false);
  });
});
