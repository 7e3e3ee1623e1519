/** What a provider's refusal means for the turn. */
export type ModelErrorReason =
  | 'not-authenticated'
  | 'not-allowed'
  | 'rate-limited'
  | 'overloaded'
  | 'unreachable'
  | 'too-long'
  | 'malformed'
  | 'bad-request';

/** A request to a model failed. `detail` is the provider's own sentence, without secrets. */
export class ModelError extends Error {
  readonly reason: ModelErrorReason;
  readonly status: number | undefined;
  readonly detail: string;
  /** Seconds the provider asked to wait. */
  readonly retryAfter: number | undefined;

  constructor(
    reason: ModelErrorReason,
    options: { detail: string; status?: number | undefined; retryAfter?: number | undefined; cause?: unknown },
  ) {
    super(`${reason}: ${options.detail}`, { cause: options.cause });
    this.name = 'ModelError';
    this.reason = reason;
    this.status = options.status;
    this.detail = options.detail;
    this.retryAfter = options.retryAfter;
  }
}

/** Whether the same request may succeed if it is sent again. */
export function isPassing(error: ModelError): boolean {
  return (
    error.reason === 'rate-limited' ||
    error.reason === 'overloaded' ||
    error.reason === 'unreachable' ||
    error.reason === 'malformed'
  );
}

const TOO_LONG = /prompt is too long|too many tokens|maximum context|context[_ ]length|context window/i;

/** What an HTTP error of a provider means. */
export function toReason(status: number | undefined, detail: string): ModelErrorReason {
  if (status === undefined) return 'unreachable';
  if (status === 401) return 'not-authenticated';
  if (status === 403) return 'not-allowed';
  if (status === 429) return 'rate-limited';
  if (status === 413 || (status === 400 && TOO_LONG.test(detail))) return 'too-long';
  return status >= 500 || status === 408 || status === 409 ? 'overloaded' : 'bad-request';
}

/** The reason inside an error object that came in the middle of a stream. */
export function toStreamReason(type: string, detail: string): ModelErrorReason {
  if (type.includes('authentication')) return 'not-authenticated';
  if (type.includes('permission')) return 'not-allowed';
  if (type.includes('rate_limit')) return 'rate-limited';
  if (TOO_LONG.test(detail)) return 'too-long';
  return type.includes('invalid_request') ? 'bad-request' : 'overloaded';
}

// Providers put keys into messages ("Incorrect API key provided: sk-…").
const SECRET = /\b(sk|pk|key|rk)-[A-Za-z0-9_*-]{6,}/g;
const MAX_DETAIL = 300;

/** The provider's own words for a person: short, on one line, without keys. */
export function toDetail(text: string): string {
  const line = text.replace(SECRET, '[key]').replace(/\s+/g, ' ').trim();
  return line.length > MAX_DETAIL ? `${line.slice(0, MAX_DETAIL)}…` : line;
}
