/** One word of a simple command, with its quotes taken off. */
export interface ShellWord {
  text: string;
  /**
   * Its value is known only to the shell: a variable, a substitution, a pattern of files.
   * `one`: quoted, so that it stays one word; `many`: it can become any number of words.
   */
  open: 'no' | 'one' | 'many';
}

export interface SimpleCommand {
  words: ShellWord[];
  /** Reads from or writes to a file of its own; `/dev/null` and other descriptors do not count. */
  redirects: boolean;
}

export type ShellLine = { ok: true; commands: SimpleCommand[] } | { ok: false };

/**
 * Every simple command of a line for a POSIX shell: those joined by `&&`, `||`, `;`, `|`, `&` and newlines, and those
 * inside substitutions. Whatever is more than that (control flow, groups, functions, here-documents, arithmetic), or
 * is written wrongly, is not ok: nobody may conclude anything from it.
 */
export function parseShellLine(line: string): ShellLine {
  try {
    const reader = new LineReader(line, 0);
    return { ok: true, commands: reader.readList('') };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false };
    throw error;
  }
}

class Unreadable extends Error {}

const RESERVED = new Set(
  '! { } [[ ]] if then else elif fi for while until do done case esac in function select time coproc'.split(' '),
);
const MAX_DEPTH = 8;
const MAX_LENGTH = 50_000;
const CONTROL = /[\0-\x08\x0b-\x1f\x7f]/;

class LineReader {
  readonly #line: string;
  readonly #depth: number;
  #at = 0;
  #inner: SimpleCommand[] = [];

  constructor(line: string, depth: number) {
    if (depth > MAX_DEPTH || line.length > MAX_LENGTH || CONTROL.test(line)) throw new Unreadable();
    this.#line = line;
    this.#depth = depth;
  }

  /** Commands up to `end` (a closing parenthesis, or the end of the line), those in substitutions included. */
  readList(end: ')' | ''): SimpleCommand[] {
    const commands: SimpleCommand[] = [];
    let current = newCommand();
    const finish = (): void => {
      if (current.words.length > 0 || current.redirects) commands.push(check(current));
      current = newCommand();
    };
    for (;;) {
      this.#skipBlanks();
      const next = this.#peek();
      if (next === '') break;
      if (next === ')' && end === ')') break;
      if (this.#skipSeparator()) finish();
      else if (!this.#readRedirect(current)) current.words.push(this.#readWord());
    }
    if (this.#peek() !== end) throw new Unreadable();
    finish();
    return [...commands, ...this.#inner];
  }

  get rest(): string {
    return this.#line.slice(this.#at);
  }

  #peek(offset = 0): string {
    return this.#line.charAt(this.#at + offset);
  }

  #skipBlanks(): void {
    this.#at += /^(?:[ \t]|\\\n)*/.exec(this.rest)?.[0].length ?? 0;
    if (this.#peek() !== '#') return;
    while (this.#peek() !== '' && this.#peek() !== '\n') this.#at += 1;
  }

  #skipSeparator(): boolean {
    const found = /^(?:&&|\|\||\|&|;|\n|\||&(?![>]))/.exec(this.rest)?.[0];
    if (found === undefined) return false;
    this.#at += found.length;
    if (found === ';' && this.#peek() === ';') throw new Unreadable();
    return true;
  }

  #readRedirect(command: SimpleCommand): boolean {
    const operator = /^(?:\d*(?:>>|>\||>&|>|<<<|<<-?|<>|<&|<(?!\()|>(?!\())|&>>|&>)/.exec(this.rest)?.[0];
    if (operator === undefined || /^\d*[<>]\(/.test(this.rest)) return false;
    if (operator.includes('<<')) throw new Unreadable();
    this.#at += operator.length;
    this.#skipBlanks();
    const target = this.#readWord();
    const duplicates = operator.endsWith('&') && /^(?:\d+|-)$/.test(target.text);
    if (!duplicates && !(target.open === 'no' && target.text === '/dev/null')) command.redirects = true;
    return true;
  }

  #readWord(): ShellWord {
    const word: ShellWord = { text: '', open: 'no' };
    const start = this.#at;
    while (!/^(?:$|[ \t\n;&|()<>])/.test(this.rest)) this.#readPart(word);
    // A parenthesis where a word should be, or a process substitution.
    if (this.#at === start || this.#peek() === '(') throw new Unreadable();
    return word;
  }

  #readPart(word: ShellWord): void {
    switch (this.#peek()) {
      case "'":
        return this.#readSingleQuoted(word);
      case '"':
        return this.#readDoubleQuoted(word);
      case '\\':
        if (this.#peek(1) !== '\n') word.text += this.#require(this.#peek(1));
        this.#at += 2;
        return;
      case '$':
      case '`':
        return this.#readExpansion(word, 'many');
      default:
        // Patterns of files and lists in braces become words that are not written here.
        if (/[*?[\]{}]/.test(this.#peek())) word.open = 'many';
        word.text += this.#peek();
        this.#at += 1;
    }
  }

  #readSingleQuoted(word: ShellWord): void {
    const end = this.#line.indexOf("'", this.#at + 1);
    if (end === -1) throw new Unreadable();
    word.text += this.#line.slice(this.#at + 1, end);
    this.#at = end + 1;
  }

  #readDoubleQuoted(word: ShellWord): void {
    this.#at += 1;
    for (;;) {
      const next = this.#require(this.#peek());
      if (next === '"') break;
      if (next === '$' || next === '`') this.#readExpansion(word, 'one');
      else if (next === '\\' && this.#peek(1) === '\n') this.#at += 2;
      else {
        const escaped = next === '\\' && /["$`\\]/.test(this.#peek(1));
        word.text += escaped ? this.#peek(1) : next;
        this.#at += escaped ? 2 : 1;
      }
    }
    this.#at += 1;
  }

  #readExpansion(word: ShellWord, open: 'one' | 'many'): void {
    const { rest } = this;
    if (rest.startsWith('$((') || rest.startsWith('$[')) throw new Unreadable();
    if (open === 'one' && /^\$["\s]/.test(rest)) {
      word.text += '$';
      this.#at += 1;
      return;
    }
    if (rest.startsWith('$(')) this.#readSubstitution();
    else if (rest.startsWith('`')) this.#readBackticks();
    else this.#readVariable();
    // "$@" is many words in quotes, too.
    if (word.open !== 'many') word.open = rest.startsWith('$@') ? 'many' : open;
  }

  #readVariable(): void {
    const plain = /^\$(?:[A-Za-z_]\w*|[0-9@*#?$!-]|\{[A-Za-z_]\w*\})/.exec(this.rest)?.[0];
    if (plain === undefined) throw new Unreadable();
    this.#at += plain.length;
  }

  #readSubstitution(): void {
    const inner = new LineReader(this.#line.slice(this.#at + 2), this.#depth + 1);
    this.#inner.push(...inner.readList(')'));
    this.#at = this.#line.length - inner.rest.length + 1;
  }

  #readBackticks(): void {
    // What a backslash means in here depends on what is around it.
    const text = /^`([^`\\]*)`/.exec(this.rest);
    if (text?.[1] === undefined) throw new Unreadable();
    const inner = new LineReader(text[1], this.#depth + 1);
    this.#inner.push(...inner.readList(''));
    this.#at += text[0].length;
  }

  #require(char: string): string {
    if (char === '') throw new Unreadable();
    return char;
  }
}

function newCommand(): SimpleCommand {
  return { words: [], redirects: false };
}

function check(command: SimpleCommand): SimpleCommand {
  const first = command.words[0];
  if (first !== undefined && RESERVED.has(first.text)) throw new Unreadable();
  return command;
}
