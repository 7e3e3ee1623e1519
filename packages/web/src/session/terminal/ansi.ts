import { applySgr, plainStyle, type TextStyle } from './text-style.ts';

export interface Span {
  readonly text: string;
  readonly style: TextStyle;
}

export type TerminalLine = readonly Span[];

interface Cell {
  char: string;
  style: TextStyle;
}

// CSI with its parameters and final byte; OSC and other strings up to their end; two-byte escapes. All others are dropped.
const SEQUENCE =
  /\u001b\[([0-9:;<=>?]*)[ -/]*([@-~]|$)|\u001b[\]PX^_](?:[^\u0007\u001b]|\u001b(?!\\))*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]|\u001b/g;
/** How far the cursor is moved by what only moves it; what is written goes on to the end, however long its line is. */
const MAX_COLUMN = 10_000;

/**
 * What a terminal would show of an output, as lines of styled text. Carriage returns, backspaces and erasing within a
 * line work; moving the cursor between lines does not, because an output is read from top to bottom.
 */
export function parseAnsi(text: string): TerminalLine[] {
  const screen = createScreen();
  let end = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    screen.write(text.slice(end, match.index));
    screen.control(match[2] ?? '', match[1] ?? '');
    end = match.index + match[0].length;
  }
  screen.write(text.slice(end));
  return screen.lines();
}

/** The same output without colours and movements, for copying. */
export function stripAnsi(text: string): string {
  return parseAnsi(text)
    .map((line) => line.map((span) => span.text).join(''))
    .join('\n');
}

function createScreen() {
  const done: TerminalLine[] = [];
  let style = plainStyle;
  let cells: Cell[] = [];
  let column = 0;
  const put = (char: string) => {
    while (cells.length < column) cells.push({ char: ' ', style: plainStyle });
    cells[column] = { char, style };
    column += 1;
  };
  const newLine = () => {
    done.push(toSpans(cells));
    cells = [];
    column = 0;
  };
  const erase = (mode: string) => {
    if (mode === '1') for (let at = 0; at < column; at += 1) cells[at] = { char: ' ', style: plainStyle };
    else cells = mode === '2' ? [] : cells.slice(0, column);
  };
  return {
    write(text: string) {
      for (const char of text) {
        if (char === '\n') newLine();
        else if (char === '\r') column = 0;
        else if (char === '\b') column = Math.max(0, column - 1);
        else if (char === '\t' || char >= ' ') put(char);
      }
    },
    control(final: string, parameters: string) {
      if (final === 'm') style = applySgr(style, parameters);
      else if (final === 'K') erase(parameters);
      else if (final === 'G') column = toColumn(parameters) - 1;
      else if (final === 'C') column = Math.max(column, Math.min(column + toColumn(parameters), MAX_COLUMN));
      else if (final === 'D') column = Math.max(0, column - toColumn(parameters));
    },
    lines: () => (cells.length === 0 ? done : [...done, toSpans(cells)]),
  };
}

function toColumn(parameters: string): number {
  const count = Number.parseInt(parameters, 10);
  return Number.isNaN(count) ? 1 : Math.min(Math.max(1, count), MAX_COLUMN);
}

function toSpans(cells: readonly Cell[]): TerminalLine {
  const spans: { text: string; style: TextStyle }[] = [];
  for (const { char, style } of cells) {
    const last = spans.at(-1);
    if (last?.style === style) last.text += char;
    else spans.push({ text: char, style });
  }
  return spans;
}
