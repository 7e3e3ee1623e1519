import type { Clock } from '@baton/core';
import type { ClaudeMessage } from './wire.ts';

/** Words that follow a start at once are here by then; Claude Code reads nothing before. */
const NO_WORDS_MS = 150;
/** Most models do not answer before this. */
const MODEL_MS = 250;
/** One that has not even asked the model by then has other troubles, or has no need to. */
const LATEST_MS = 2000;

/**
 * When a process that may begin with a prompt is best asked what it offers: when it waits for its model or has its answer,
 * since it is busy for some 30 ms with that question, and nobody waits for the answer as they do for the model's. At once
 * where no prompt comes.
 */
export interface QuietMoment {
  readonly come: Promise<void>;
  /** It has begun with the prompt: what it says of an error is about that, and not about its start. */
  readonly hasBegun: boolean;
  /** A prompt is there. */
  noteWords(): void;
  hear(message: ClaudeMessage): void;
  /** Whoever waits need not. */
  end(): void;
}

export function createQuietMoment(clock: Clock): QuietMoment {
  const { promise: come, resolve } = Promise.withResolvers<void>();
  let hasBegun = false;
  let isOver = false;
  const end = () => {
    isOver = true;
    cancel();
    resolve();
  };
  let cancel = clock.after(NO_WORDS_MS, end);
  const endAfter = (ms: number) => {
    cancel();
    if (!isOver) cancel = clock.after(ms, end);
  };
  return {
    come,
    get hasBegun() {
      return hasBegun;
    },
    noteWords: () => endAfter(LATEST_MS),
    hear(message) {
      if (message.type === 'system' && message.subtype === 'init') hasBegun = true;
      if (message.type === 'system' && message.subtype === 'status' && message.status === 'requesting')
        endAfter(MODEL_MS);
      if (ANSWERS.has(message.type)) end();
    },
    end,
  };
}

const ANSWERS: ReadonlySet<ClaudeMessage['type']> = new Set(['stream_event', 'assistant', 'result', 'control_request']);
