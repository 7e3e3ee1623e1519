import type { ScriptedError } from '../scenario/step.ts';

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'invalid_request_error',
  429: 'rate_limit_error',
};

interface ErrorBody {
  error: { message: string; type: string; code: string | null; param: null };
}

/** The error object of the Responses API, in a body or in a stream. */
export function toErrorBody(error: ScriptedError): ErrorBody {
  const type = error.type ?? ERROR_TYPES[error.status] ?? 'server_error';
  // Clients tell an overload from other failures by the code alone.
  const code = error.status === 503 || error.status === 529 ? 'server_is_overloaded' : null;
  return { error: { message: error.message ?? `Scripted error ${error.status}`, type, code, param: null } };
}
