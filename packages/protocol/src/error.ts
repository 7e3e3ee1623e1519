import { z } from 'zod';

interface ErrorRule {
  /** HTTP status of the problem document. */
  status: number;
  /** Whether the same request may succeed later without a change by the caller. */
  retry: boolean;
  log: 'debug' | 'info' | 'warn' | 'error';
  title: string;
}

/** The closed list of error kinds. Kinds are permanent; status, retry, log level and exit code derive from the row. */
export const ERRORS = {
  'invalid-input': { status: 400, retry: false, log: 'info', title: 'The request is not valid' },
  unauthenticated: { status: 401, retry: false, log: 'info', title: 'Sign in first' },
  forbidden: { status: 403, retry: false, log: 'warn', title: 'This is not allowed' },
  'not-found': { status: 404, retry: false, log: 'debug', title: 'Not found' },
  'method-not-allowed': { status: 405, retry: false, log: 'info', title: 'This path has no such method' },
  conflict: { status: 409, retry: false, log: 'info', title: 'The request conflicts with the present state' },
  'turn-not-running': { status: 409, retry: false, log: 'info', title: 'No turn is running' },
  'approval-already-answered': { status: 409, retry: false, log: 'info', title: 'The approval is already closed' },
  'question-already-answered': { status: 409, retry: false, log: 'info', title: 'The question is already closed' },
  'store-conflict': { status: 409, retry: true, log: 'warn', title: 'The session changed at the same time' },
  'payload-too-large': { status: 413, retry: false, log: 'info', title: 'The request is too large' },
  'unsupported-media-type': { status: 415, retry: false, log: 'info', title: 'The body is not JSON' },
  'capability-missing': { status: 422, retry: false, log: 'info', title: 'This agent cannot do that' },
  'backend-not-installed': { status: 424, retry: false, log: 'warn', title: 'The agent is not installed' },
  'backend-not-authenticated': { status: 424, retry: false, log: 'warn', title: 'The agent is not signed in' },
  'rate-limited': { status: 429, retry: true, log: 'info', title: 'Too many requests' },
  'quota-exceeded': { status: 429, retry: false, log: 'info', title: 'The quota is used up' },
  'too-many-sessions': { status: 429, retry: true, log: 'warn', title: 'Too many sessions are running' },
  internal: { status: 500, retry: false, log: 'error', title: 'Something in Baton failed' },
  'model-failed': { status: 502, retry: true, log: 'warn', title: 'The model provider failed' },
  'agent-exited': { status: 502, retry: true, log: 'warn', title: 'The agent process ended' },
  'agent-unresponsive': { status: 504, retry: true, log: 'warn', title: 'The agent does not respond' },
  'server-restarted': { status: 503, retry: true, log: 'info', title: 'The server was restarted' },
  'server-unreachable': { status: 503, retry: true, log: 'info', title: 'The server cannot be reached' },
  'shutting-down': { status: 503, retry: true, log: 'info', title: 'The server is shutting down' },
  'store-unavailable': { status: 503, retry: true, log: 'error', title: 'The database cannot be written' },
  'disk-full': { status: 507, retry: true, log: 'error', title: 'The disk is full' },
} as const satisfies Record<string, ErrorRule>;

export type ErrorKind = keyof typeof ERRORS;
export const errorKindSchema = z.enum(Object.keys(ERRORS) as [ErrorKind, ...ErrorKind[]]);

/** What failed, why, and what to do, in one sentence or two. Never holds a secret. */
export const failureSchema = z.object({ kind: errorKindSchema, message: z.string() });
export type Failure = z.infer<typeof failureSchema>;

/** RFC 9457 problem document, served as `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  kind: errorKindSchema,
  retry: z.boolean(),
  /** For `invalid-input`: where in the input, as a path such as `input[0].text`. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** For `approval-already-answered`: who answered and how, so that the other device can say so. */
  answeredBy: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

const MARKER = Symbol.for('baton.app-error');

export interface AppErrorDetails {
  issues?: Problem['issues'];
  answeredBy?: string | undefined;
  /** Seconds, for the `Retry-After` header. */
  retryAfter?: number;
}

/** A fault: the world failed. Thrown, and caught only at a boundary (route, socket frame, reactor, CLI command). */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly details: AppErrorDetails;
  readonly [MARKER] = true;

  constructor(kind: ErrorKind, message: string, details: AppErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.kind = kind;
    this.details = details;
  }
}

// Checks a symbol, not the class: bundles may hold two copies of this module.
export function isAppError(error: unknown): error is AppError {
  return typeof error === 'object' && error !== null && MARKER in error;
}

/** Any thrown thing as an `AppError`; what is not one of ours becomes `internal`, with the original as its cause. */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  return new AppError('internal', 'Baton failed on this request; the server log has the details', {}, { cause: error });
}

export function toProblem(error: AppError): Problem {
  const rule = ERRORS[error.kind];
  return {
    type: `https://baton.dev/problems/${error.kind}`,
    title: rule.title,
    status: rule.status,
    detail: error.message,
    kind: error.kind,
    retry: rule.retry,
    ...(error.details.issues === undefined ? {} : { issues: error.details.issues }),
    ...(error.details.answeredBy === undefined ? {} : { answeredBy: error.details.answeredBy }),
  };
}

/** A zod failure as `invalid-input`, naming each place in the input. */
export function toInvalidInput(what: string, error: z.ZodError): AppError {
  const issues = error.issues
    .flatMap((issue) => unfold(issue))
    .map((issue) => ({ path: toPath(issue.path), message: issue.message }));
  const first = issues[0];
  const where = first === undefined || first.path === '' ? '' : ` at "${first.path}"`;
  return new AppError('invalid-input', `Cannot read ${what}${where}: ${first?.message ?? 'it is not valid'}`, {
    issues,
  });
}

// Of a value that may have several forms, what is wrong with the form it has.
function unfold(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find(
    (form) => !form.some((each) => each.code === 'invalid_type' && each.path.length === 0),
  );
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => unfold({ ...inner, path: [...issue.path, ...inner.path] }));
}

function toPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** A mistake in Baton itself. Throws a plain Error, which the process boundary logs. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`);
}

export function assertNever(value: never): never {
  throw new Error(`Broken invariant: unexpected ${JSON.stringify(value)}`);
}
