import { matchesWord } from './glob.ts';
import { parseShellLine, type ShellWord, type SimpleCommand } from './shell-line.ts';

/** Whether a command is one of those a pattern means; `maybe` where only the shell knows. */
export type Match = 'yes' | 'no' | 'maybe';

/** Whether nothing but what the pattern says can run: one that reads or writes a file of its own never is. */
export function isExactly(pattern: string, command: SimpleCommand): boolean {
  return !command.redirects && matchWords(toWords(pattern), command.words) === 'yes';
}

/**
 * Whether the pattern names this command in any of its disguises: by a path, behind variables or `sudo` and its like,
 * run by `find`, or inside a shell that it starts.
 */
export function mayBe(pattern: string, command: SimpleCommand): Match {
  const wanted = toWords(pattern);
  const found = unwrap(command.words).map((words) => matchWords(wanted, words));
  if (found.includes('yes')) return 'yes';
  const line = readInnerLine(command.words);
  if (line === 'unknown') return 'maybe';
  const within = [...line, ...readFoundBy(command.words)].map((each) => mayBe(pattern, each));
  if (within.includes('yes')) return 'yes';
  return [...found, ...within].includes('maybe') ? 'maybe' : 'no';
}

function toWords(pattern: string): string[] {
  return pattern.split(/\s+/).filter((word) => word !== '');
}

// Word by word, so that one quoted word never passes for several. `**` as a word stands for any number of words.
function matchWords(pattern: readonly string[], words: readonly ShellWord[]): Match {
  // best[i]: how well the words so far match the first i words of the pattern.
  let best: Match[] = pattern.map(() => 'no');
  best.unshift('yes');
  for (let index = 0; index < pattern.length; index += 1) {
    if (pattern[index] === '**') best[index + 1] = best[index] ?? 'no';
    else break;
  }
  for (const word of words) best = step(pattern, best, word);
  return best[pattern.length] ?? 'no';
}

function step(pattern: readonly string[], before: readonly Match[], word: ShellWord): Match[] {
  const after: Match[] = ['no'];
  pattern.forEach((wanted, index) => {
    if (wanted === '**') {
      after.push(either(either(before[index], before[index + 1]), after[index]));
      return;
    }
    const here = both(before[index], matchOne(wanted, word));
    // Many words from one: the pattern's may be among them, and more may follow.
    const spread = word.open === 'many' ? softened(either(before[index + 1], after[index])) : 'no';
    after.push(either(here, spread));
  });
  // A word that can become none.
  return word.open === 'many' ? after.map((match, index) => either(match, softened(before[index]))) : after;
}

function matchOne(wanted: string, word: ShellWord): Match {
  if (word.open === 'no') return matchesWord(wanted, word.text) ? 'yes' : 'no';
  return word.open === 'one' && wanted === '*' ? 'yes' : 'maybe';
}

function either(one: Match | undefined, other: Match | undefined): Match {
  if (one === 'yes' || other === 'yes') return 'yes';
  return one === 'maybe' || other === 'maybe' ? 'maybe' : 'no';
}

function both(one: Match | undefined, other: Match): Match {
  if (one === undefined || one === 'no' || other === 'no') return 'no';
  return one === 'yes' && other === 'yes' ? 'yes' : 'maybe';
}

function softened(match: Match | undefined): Match {
  return match === undefined || match === 'no' ? 'no' : 'maybe';
}

const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
const WRAPPERS = new Set(
  'sudo doas env command builtin exec nohup nice ionice time timeout stdbuf setsid xargs parallel busybox watch flock chroot unshare'.split(
    ' ',
  ),
);
const SHELLS = /^(?:ba|z|da|k|a|fi)?sh$/;

// The words from each place on where a program's name may stand, by its full name and by its last part.
function unwrap(words: readonly ShellWord[]): (readonly ShellWord[])[] {
  const forms: (readonly ShellWord[])[] = [words];
  let isWrapped = false;
  for (const [index, word] of words.entries()) {
    const rest = words.slice(index);
    const name = toName(word.text);
    forms.push(rest, [{ ...word, text: name }, ...rest.slice(1)]);
    if (WRAPPERS.has(name)) isWrapped = true;
    else if (!ASSIGNMENT.test(word.text) && !isWrapped) break;
  }
  return forms;
}

function toName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}

// `bash -c '…'`, `eval …`: the line is in one of its words.
function readInnerLine(words: readonly ShellWord[]): SimpleCommand[] | 'unknown' {
  const at = words.findIndex(({ text }) => SHELLS.test(toName(text)) || text === 'eval');
  if (at === -1) return [];
  const rest = words.slice(at + 1);
  const lines =
    words[at]?.text === 'eval' ? [rest] : rest.filter(({ text }) => /[\s;&|<>$`]/.test(text)).map((w) => [w]);
  const commands: SimpleCommand[] = [];
  for (const line of lines) {
    const parsed = parseShellLine(line.map(({ text }) => text).join(' '));
    if (!parsed.ok || line.some(({ open }) => open !== 'no')) return 'unknown';
    commands.push(...parsed.commands);
  }
  const short = rest.filter(({ text }) => !text.startsWith('-')).map((word) => ({ words: [word], redirects: false }));
  return [...commands, ...short];
}

const FINDERS = new Set(['find', 'gfind', 'bfs', 'fd', 'fdfind']);
const RUNS = new Set('-exec -execdir -ok -okdir -x -X --exec --exec-batch'.split(' '));

// `find … -exec rm {} +`: a program for every file, and perhaps several of them.
function readFoundBy(words: readonly ShellWord[]): SimpleCommand[] {
  const finder = words.findIndex(({ text }) => FINDERS.has(toName(text)));
  if (finder === -1) return [];
  return words.flatMap(({ text }, index) => {
    if (index < finder || !RUNS.has(text)) return [];
    const rest = words.slice(index + 1);
    const end = rest.findIndex((word) => word.text === ';' || word.text === '+');
    return [{ words: end === -1 ? rest : rest.slice(0, end), redirects: false }];
  });
}
