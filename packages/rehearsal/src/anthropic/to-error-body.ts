import type { ScriptedError } from '../scenario/step.ts';

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** The error object of the Messages API, in a body or in a stream. */
export function toErrorBody(error: ScriptedError): {
  type: 'error';
  error: { type: string; message: string };
  request_id: string;
} {
  const type = error.type ?? ERROR_TYPES[error.status] ?? 'api_error';
  return {
    type: 'error',
    error: { type, message: error.message ?? `Scripted error ${error.status}` },
    request_id: 'req_rehearsal',
  };
}
