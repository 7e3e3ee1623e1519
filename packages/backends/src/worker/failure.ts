import { type Failure, isAppError } from '@baton/protocol';
import { ModelError, type ModelErrorReason } from './model/model-error.ts';

/** The model said nothing for too long. */
export class SilenceError extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super(`Nothing came for ${seconds} s`);
    this.name = 'SilenceError';
    this.seconds = seconds;
  }
}

interface Asked {
  provider: string;
  model: string;
}

type Advice = (error: ModelError, asked: Asked) => Failure;

const ADVICE: Readonly<Record<ModelErrorReason, Advice>> = {
  'not-authenticated': (error, { provider }) => ({
    kind: 'backend-not-authenticated',
    message: `${provider} refused the key: ${error.detail}. Check ANTHROPIC_API_KEY or OPENAI_API_KEY and send the prompt again.`,
  }),
  'not-allowed': (error, { provider, model }) => ({
    kind: 'backend-not-authenticated',
    message: `${provider} does not let this key use "${model}": ${error.detail}. Use another key or another model.`,
  }),
  'rate-limited': (error, { provider }) => ({
    kind: 'rate-limited',
    message: `${provider} has a limit that is used up: ${error.detail}. ${toWait(error.retryAfter)}`,
  }),
  overloaded: (error, { provider }) => ({
    kind: 'model-failed',
    message: `${provider} failed${toStatus(error)}: ${error.detail}. Send the prompt again in a while, or pick another model.`,
  }),
  unreachable: (error, { provider }) => ({
    kind: 'model-failed',
    message: `${provider} cannot be reached: ${error.detail}. Check the network, the proxy and the base URL.`,
  }),
  'too-long': (error, { model }) => ({
    kind: 'model-failed',
    message: `The conversation does not fit into the window of "${model}": ${error.detail}. Use /compact, or begin a new session.`,
  }),
  malformed: (error, { provider }) => ({
    kind: 'model-failed',
    message: `${provider} sent an answer that cannot be read: ${error.detail}. Is the base URL that of a model API, and no proxy in between?`,
  }),
  'bad-request': (error, { provider }) => ({
    kind: 'model-failed',
    message: `${provider} refused the request${toStatus(error)}: ${error.detail}. Is the model name right?`,
  }),
};

/** Why a turn failed and what to do, for any error of the loop. */
export function toFailure(error: unknown, asked: Asked): Failure {
  if (error instanceof ModelError) return ADVICE[error.reason](error, asked);
  if (error instanceof SilenceError) {
    return {
      kind: 'agent-unresponsive',
      message: `${asked.provider} sent nothing for ${error.seconds} s, so the request was given up. Send the prompt again, or pick another model.`,
    };
  }
  if (isAppError(error)) return { kind: error.kind, message: error.message };
  return {
    kind: 'internal',
    message: `The worker failed: ${error instanceof Error ? error.message : String(error)}. This is a mistake in Baton.`,
  };
}

const toStatus = (error: ModelError): string => (error.status === undefined ? '' : ` (${error.status})`);

function toWait(seconds: number | undefined): string {
  if (seconds === undefined) return 'Wait a while, or pick another model.';
  return seconds < 120 ? `Try again in ${Math.ceil(seconds)} s.` : `Try again in ${Math.ceil(seconds / 60)} minutes.`;
}
