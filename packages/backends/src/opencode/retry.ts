import { toFailure, toSaid } from './failure.ts';
import { type Patience, type Step, updateTurn } from './state.ts';
import { orphanTexts } from './text.ts';
import { tellOnce } from './turn.ts';
import type { NativeStatus } from './wire.ts';

// OpenCode waits 2, 4 and 9 seconds for these; with all of its own a person would learn after 69 that the model is down.
const PATIENCE: Patience = { retries: 3, waitMs: 30_000 };

/** What the session or the server asks for, by `BATON_OPENCODE_RETRIES`; another number than 0 to 20 counts as absent. */
export function toPatience(...environments: readonly Readonly<Record<string, string | undefined>>[]): Patience {
  const [text] = environments.flatMap(({ BATON_OPENCODE_RETRIES: set }) => set ?? []);
  const isSet = text !== undefined && /^\d{1,2}$/.test(text) && Number(text) <= 20;
  return isSet ? { ...PATIENCE, retries: Number(text) } : PATIENCE;
}

/** The model failed, and OpenCode is about to try again. After so many tries, or for a long wait, the turn fails instead. */
export function noteRetry(step: Step, status: Extract<NativeStatus, { type: 'retry' }>, sessionId: string): void {
  const { patience, turn } = step.state;
  const { attempt, message, next = 0 } = status;
  orphanTexts(step, sessionId);
  const waitMs = next - Date.parse(step.context.now);
  if (turn !== undefined && (attempt > patience.retries || waitMs > patience.waitMs))
    return updateTurn(step, { failure: turn.failure ?? toFailure(toError(message)) });
  const said = toSaid(message);
  const text = `The request to the model failed (${said}). OpenCode tries again; you can wait or interrupt.`;
  tellOnce(step, `retry ${said}`, text);
}

// Of an answer that is retried only its words are told.
function toError(message: string) {
  const statusCode = /\b[45]\d\d\b/.exec(message)?.[0];
  return {
    name: 'APIError',
    data: { message, ...(statusCode === undefined ? {} : { statusCode: Number(statusCode) }) },
  };
}
