const KEPT = 5;
const MAX_CHARS = 300;

export interface OddLines {
  /** A line that is no message. Answers what to do with it. */
  note(line: string, isReady: boolean): 'keep' | 'drop' | 'last-kept' | 'give-up';
  /** The last of them, for a message that says why. */
  said(): string;
}

const MAX_BEFORE = 100;
// How messages begin in protocols with headers, such as those of language servers. None follows that we could read.
const HEADER = /^Content-Length: *\d+\s*$/i;
const MAX_AFTER = 50;

/**
 * Lines on an agent's output that are no messages. A few are harmless (a banner, a warning of its runtime); a program that
 * prints nothing else before it is ready speaks no ACP, and one that goes on printing them may not fill the log.
 */
export function createOddLines(): OddLines {
  const last: string[] = [];
  let before = 0;
  let after = 0;
  return {
    note(line, isReady) {
      last.push(line.slice(0, MAX_CHARS));
      if (last.length > KEPT) last.shift();
      if (!isReady) return (before += 1) > MAX_BEFORE || HEADER.test(line) ? 'give-up' : 'keep';
      after += 1;
      if (after === MAX_AFTER) return 'last-kept';
      return after > MAX_AFTER ? 'drop' : 'keep';
    },
    said: () => last.join('; '),
  };
}
