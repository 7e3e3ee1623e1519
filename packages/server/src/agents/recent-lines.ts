/** The last lines of something that may say much, counted from its beginning. */
export interface RecentLines {
  /** Lines so far, those that are not kept included. */
  readonly seq: number;
  push(line: string): void;
  /** What is kept of the lines after the first `after`. */
  since(after: number): string[];
}

const MOST_CHARS = 500;

export function createRecentLines(most: number): RecentLines {
  const lines: string[] = [];
  let seq = 0;
  return {
    get seq() {
      return seq;
    },
    push(line) {
      seq += 1;
      lines.push(toPlain(line));
      if (lines.length > most) lines.shift();
    },
    since: (after) => lines.slice(Math.max(0, lines.length - Math.max(0, seq - after))),
  };
}

// Colours and cursor moves mean nothing outside a terminal.
function toPlain(line: string): string {
  const text = line.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007/g, '').replace(/\p{Cc}/gu, ' ');
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)} …` : text;
}
