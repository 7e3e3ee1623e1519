import type { ProcessExit } from '@baton/runner';
import { parseJson } from '@baton/protocol';
import type { ProcessEars } from './launch.ts';
import { type Incoming, parseIncoming } from './wire.ts';

/** What an agent may say before anybody listens; one that says more is none to be kept. */
const MAX_LETTERS = 1000;
const MAX_CHARS = 4 * 1024 * 1024;

type Letter = (ears: ProcessEars) => void | Promise<void>;
type Answer = Extract<Incoming, { type: 'response' }>;

interface KeptLetter {
  letter: Letter;
  size: number;
  isExit: boolean;
}

/** Keeps what a process says until somebody hears it, and then tells it in order, what comes meanwhile last. */
export class Mailbox {
  /** For the process. */
  readonly ears: ProcessEars;
  readonly exited: Promise<ProcessExit>;
  /** Hears answers that come before anybody listens: they are to what was asked of the agent to make it ready. */
  onAnswer: (answer: Answer) => void | Promise<void> = () => undefined;
  /** The process says more than is kept. */
  onFull: () => void = () => undefined;
  #kept: KeptLetter[] = [];
  #isFull = false;
  #listener: ProcessEars | undefined;
  /** Until all that was kept has been heard. */
  #handing: Promise<void> | undefined;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<ProcessExit>();
    this.exited = promise;
    this.ears = {
      onLine: (line) => this.#takeLine(line),
      onOverlongLine: (bytes) => void this.#deliver((to) => to.onOverlongLine(bytes), 0),
      onOverflow: (head) => void this.#deliver((to) => to.onOverflow(head), head.length),
      onStderrLine: (text) => void this.#deliver((to) => to.onStderrLine(text), text.length),
      onExit: (exit) => {
        resolve(exit);
        this.#isFull = false;
        void this.#deliver((to) => to.onExit(exit), 0, true);
      },
    };
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** From the call on these hear it, and first what was kept. */
  forward(to: ProcessEars): void {
    this.#listener = to;
    const letters = this.#kept.splice(0).map(({ letter }) => letter);
    if (letters.length > 0) void this.#hand(to, letters, Promise.resolve());
  }

  /** Answers what, once called, has forgotten all that was said since, but not the exit. */
  mark(): () => void {
    const before = new Set(this.#kept);
    return () => {
      this.#kept = this.#kept.filter((letter) => before.has(letter) || letter.isExit);
    };
  }

  #takeLine(line: string): void | Promise<void> {
    const answer = this.#listener === undefined ? toAnswer(line) : undefined;
    if (answer !== undefined) return this.onAnswer(answer);
    return this.#deliver((to) => to.onLine(line), line.length);
  }

  #deliver(letter: Letter, size: number, isExit = false): void | Promise<void> {
    const to = this.#listener;
    if (to === undefined) return this.#keep({ letter, size, isExit });
    if (this.#handing === undefined) return letter(to);
    return this.#hand(to, [letter], this.#handing);
  }

  #keep(letter: KeptLetter): void {
    if (this.#isFull) return;
    this.#kept.push(letter);
    const chars = this.#kept.reduce((sum, { size }) => sum + size, 0);
    if (this.#kept.length < MAX_LETTERS && chars < MAX_CHARS) return;
    this.#isFull = true;
    this.onFull();
  }

  #hand(to: ProcessEars, letters: readonly Letter[], before: Promise<void>): Promise<void> {
    const handed = handAll(to, letters, before);
    this.#handing = handed;
    const settle = () => {
      if (this.#handing === handed) this.#handing = undefined;
    };
    // Whoever reads on hears of it when it fails.
    handed.then(settle, () => {});
    return handed;
  }
}

async function handAll(to: ProcessEars, letters: readonly Letter[], before: Promise<void>): Promise<void> {
  await before;
  for (const letter of letters) await letter(to);
}

function toAnswer(line: string): Answer | undefined {
  const parsed = parseJson(line);
  const message = parsed.ok ? parseIncoming(parsed.value) : undefined;
  return message?.type === 'response' ? message : undefined;
}
