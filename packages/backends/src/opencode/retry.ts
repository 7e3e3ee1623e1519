import { toFailure, toSaid } from './failure.ts';
import { type Patience, type Step, updateTurn } from './state.ts';
import { orphanTexts } from './text.ts';
import { tellOnce } from './turn.ts';
import type { NativeMessage, NativeStatus } from './wire.ts';

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

/**
 * An answer of the model is over. OpenCode asks again at once, and without end, when one says nothing: a page of a proxy
 * instead of an answer would be asked for many times a second.
 */
export function noteBlank(step: Step, { finish, tokens }: Extract<NativeMessage, { role: 'assistant' }>): void {
  const { patience, turn } = step.state;
  const used = tokens === undefined ? 0 : tokens.input + tokens.output + tokens.reasoning;
  if (turn === undefined || finish !== 'unknown' || used > 0) return;
  const blanks = turn.blanks + 1;
  const message =
    'The model gave no answer that OpenCode understands. Check the address of its provider, and send the prompt again.';
  const failure = turn.failure ?? { kind: 'model-failed' as const, message };
  updateTurn(step, blanks > patience.retries ? { blanks, failure } : { blanks });
}

// Of an answer that is retried only its words are told.
function toError(message: string) {
  const statusCode = /\b[45]\d\d\b/.exec(message)?.[0];
  return {
    name: 'APIError',
    data: { message, ...(statusCode === undefined ? {} : { statusCode: Number(statusCode) }) },
  };
}
