/** One line of a byte stream: its text, or word of a line that was longer than allowed and was left out. */
export type SplitLine = { type: 'line'; text: string } | { type: 'overlong'; bytes: number };

/**
 * Cuts a byte stream into lines.
 *
 * - Only `\n` ends a line, so U+2028 and a lone `\r` stay inside one. Where chunks are cut does not matter.
 * - Invalid UTF-8 becomes U+FFFD; it never throws. A byte order mark is kept.
 * - A line of more than `maxLineBytes` (the `\n` not counted) comes out once as `overlong` when it ends; the next line is whole again.
 * - Never holds more than `maxLineBytes` plus one chunk.
 */
export interface LineSplitter {
  push(chunk: Uint8Array): SplitLine[];
  /** The stream ended: what is left without a `\n`, if anything. The splitter is empty afterwards. */
  end(): SplitLine[];
}

export interface LineSplitterOptions {
  maxLineBytes: number;
  /** A line has just become longer than allowed, and may never end. Gets the beginning of it. Once for each such line. */
  onOverflow?: (head: string) => void;
}

const NEWLINE = 0x0a;
const HEAD_BYTES = 2000;

export function createLineSplitter(options: LineSplitterOptions): LineSplitter {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let held: Uint8Array[] = [];
  let size = 0;

  function hold(part: Uint8Array): void {
    const isOver = size > options.maxLineBytes;
    size += part.length;
    if (part.length > 0 && !isOver) held.push(part);
    if (isOver || size <= options.maxLineBytes) return;
    options.onOverflow?.(toHead(held));
    held = [];
  }

  function take(): SplitLine {
    const bytes = size;
    const parts = held;
    held = [];
    size = 0;
    if (bytes > options.maxLineBytes) return { type: 'overlong', bytes };
    const first = parts[0];
    const whole = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts, bytes);
    return { type: 'line', text: decoder.decode(whole) };
  }

  return {
    push(chunk) {
      const lines: SplitLine[] = [];
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
        hold(chunk.subarray(from, at));
        lines.push(take());
        from = at + 1;
      }
      hold(chunk.subarray(from));
      return lines;
    },
    end() {
      return size === 0 ? [] : [take()];
    },
  };
}

// What of a character was cut off at the end is left out.
function toHead(parts: readonly Uint8Array[]): string {
  const bytes = Buffer.concat(parts.map((part) => part.subarray(0, HEAD_BYTES))).subarray(0, HEAD_BYTES);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
