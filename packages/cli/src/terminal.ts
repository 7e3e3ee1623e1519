import { createInterface } from 'node:readline/promises';
import { escapeInJson } from '@baton/protocol';
import { createPaint, hasColors, type Paint } from './render/paint.ts';

/** Where a command prints and asks. Standard output carries results, standard error all that is said beside them. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly outPaint: Paint;
  readonly errPaint: Paint;
  /** Somebody can be asked. */
  readonly canAsk: boolean;
  /** Everything piped into standard input; undefined when it is a terminal. */
  readInput(): Promise<string | undefined>;
  /** One line from the person; undefined when there is none any more or the question was called off. */
  ask(question: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Ctrl+C; the returned function stops listening, and Ctrl+C ends the program again. */
  onInterrupt(listener: () => void): () => void;
}

export function createTerminal(env: Readonly<Record<string, string | undefined>>): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    // In JSON too, and at once for all of it; no word of ours has such a character.
    out: (text) => void stdout.write(escapeInJson(text)),
    err: (text) => void stderr.write(escapeInJson(text)),
    outPaint: createPaint(hasColors(env, stdout.isTTY === true)),
    errPaint: createPaint(hasColors(env, stderr.isTTY === true)),
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    readInput: () => (stdin.isTTY === true ? Promise.resolve(undefined) : readAll(stdin)),
    ask,
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      return () => void process.off('SIGINT', listener);
    },
  };
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

async function ask(question: string, signal?: AbortSignal): Promise<string | undefined> {
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  readline.once('close', () => closed.abort());
  // Readline takes Ctrl+C while it asks; the rest of the program expects a signal.
  readline.on('SIGINT', () => process.emit('SIGINT'));
  try {
    return await readline.question(question, { signal: AbortSignal.any([closed.signal, ...(signal ? [signal] : [])]) });
  } catch {
    return undefined;
  } finally {
    readline.close();
  }
}
