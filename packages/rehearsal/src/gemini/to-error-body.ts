import type { ScriptedError } from '../scenario/step.ts';
import type { ApiAnswer } from '../serve/model-api.ts';

const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Google has no status 529: an overloaded model is one that is unavailable. */
const toCode = (status: number): number => (status === 529 ? 503 : status);

/** The error object of the API, in a body or in a stream. */
export function toErrorBody(error: ScriptedError): { error: Record<string, unknown> } {
  const code = toCode(error.status);
  const retry =
    error.retryAfter === undefined
      ? {}
      : { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${error.retryAfter}s` }] };
  return {
    error: {
      code,
      message: error.message ?? `Scripted error ${code}`,
      status: error.type ?? STATUSES[code] ?? 'UNKNOWN',
      ...retry,
    },
  };
}

export function toErrorAnswer(error: ScriptedError): ApiAnswer {
  return {
    status: toCode(error.status),
    headers: error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) },
    body: toErrorBody(error),
  };
}
