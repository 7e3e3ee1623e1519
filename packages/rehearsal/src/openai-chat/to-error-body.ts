import type { ScriptedError } from '../scenario/step.ts';

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'invalid_request_error',
  429: 'rate_limit_error',
};

/** The error object of the Chat Completions API, in a body or in a stream. */
export function toErrorBody(error: ScriptedError): {
  error: { message: string; type: string; code: string; param: null };
} {
  const type = error.type ?? ERROR_TYPES[error.status] ?? 'server_error';
  return {
    error: {
      message: error.message ?? `Scripted error ${error.status}`,
      type,
      code: String(error.status),
      param: null,
    },
  };
}
