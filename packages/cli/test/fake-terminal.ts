import { createPaint } from '../src/render/paint.ts';
import type { Terminal } from '../src/terminal.ts';

export interface FakeTerminal extends Terminal {
  /** All that was printed so far. */
  readonly printed: string;
  readonly said: string;
  /** What is asked, in order. */
  readonly questions: string[];
  /** Presses Ctrl+C. */
  interrupt(): void;
  /** Resolves as soon as something like this was printed or said. */
  shows(pattern: RegExp): Promise<void>;
}

/** A terminal whose person is the test: answers come from the list, in order. */
export function createFakeTerminal(options: { answers?: string[]; input?: string } = {}): FakeTerminal {
  const answers = [...(options.answers ?? [])];
  const interrupts = new Set<() => void>();
  const waiting = new Set<{ pattern: RegExp; resolve: () => void }>();
  const questions: string[] = [];
  let printed = '';
  let said = '';

  function check(): void {
    for (const each of waiting) {
      if (!each.pattern.test(printed) && !each.pattern.test(said)) continue;
      waiting.delete(each);
      each.resolve();
    }
  }

  return {
    out(text) {
      printed += text;
      check();
    },
    err(text) {
      said += text;
      check();
    },
    outPaint: createPaint(false),
    errPaint: createPaint(false),
    canAsk: options.answers !== undefined,
    readInput: () => Promise.resolve(options.input),
    ask(question, signal) {
      questions.push(question);
      const answer = answers.shift();
      if (answer !== undefined) return Promise.resolve(answer);
      return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(undefined)));
    },
    onInterrupt(listener) {
      interrupts.add(listener);
      return () => void interrupts.delete(listener);
    },
    get printed() {
      return printed;
    },
    get said() {
      return said;
    },
    questions,
    interrupt() {
      for (const listener of interrupts) listener();
    },
    shows: (pattern) =>
      new Promise((resolve) => {
        waiting.add({ pattern, resolve });
        check();
      }),
  };
}
