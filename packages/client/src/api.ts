import {
  API_PREFIX,
  AppError,
  ROUTES,
  parseJson,
  problemSchema,
  type DownFrame,
  type ErrorKind,
  type Route,
  type RouteName,
  type SessionId,
} from '@baton/protocol';
import type { Clock } from '@baton/core';
import { toAppErrorOf } from './problem-error.ts';
import { readEventStream } from './event-stream.ts';
import { systemClock } from './system-clock.ts';

type Routes = typeof ROUTES;
type Part<N extends RouteName, K extends 'params' | 'query' | 'body'> = Routes[N] extends { [P in K]: infer S }
  ? S
  : never;

// As zod's own `z.input` and `z.output`, without a dependency on zod.
type InputOf<S> = S extends { _zod: { input: infer I } } ? I : never;
type OutputOf<S> = S extends { _zod: { output: infer O } } ? O : never;

type ParamsOf<N extends RouteName> = [Part<N, 'params'>] extends [never]
  ? { params?: never }
  : { params: { [K in keyof InputOf<Part<N, 'params'>>]: string } };
type QueryOf<N extends RouteName> = [Part<N, 'query'>] extends [never]
  ? { query?: never }
  : { query?: { [K in keyof InputOf<Part<N, 'query'>>]?: string | number | boolean | undefined } };
type BodyOf<N extends RouteName> = [Part<N, 'body'>] extends [never]
  ? { body?: never }
  : { body: InputOf<Part<N, 'body'>> };

/** What a call needs: `params` and `body` where the route has them, `query` where it may. */
export type CallOptions<N extends RouteName> = ParamsOf<N> &
  QueryOf<N> &
  BodyOf<N> & {
    /** The same key again gives the same answer and has no second effect. */
    idempotencyKey?: string;
    signal?: AbortSignal;
  };

export type ResponseOf<N extends RouteName> = Routes[N] extends { response: infer S } ? OutputOf<S> : undefined;

type CallArguments<N extends RouteName> =
  object extends CallOptions<N> ? [options?: CallOptions<N>] : [options: CallOptions<N>];

/**
 * The REST routes, typed. A problem document rejects as its `AppError`; a server that cannot be reached, or does not
 * answer in time, as `server-unreachable`.
 */
export interface Api {
  call<N extends RouteName>(name: N, ...options: CallArguments<N>): Promise<ResponseOf<N>>;
  /**
   * Events after `after`, then live ones and deltas, as frames, over SSE. One connection: it ends when the server ends it
   * and throws when it breaks; go on with the last seq you saw.
   */
  events(sessionId: SessionId, options?: { after?: number; signal?: AbortSignal }): AsyncIterable<DownFrame>;
}

export interface ApiOptions {
  /** Of the server, such as `http://127.0.0.1:22866`; a path behind it is kept. */
  url: string;
  /** For programs; a browser has its cookie. */
  key?: string | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  clock?: Clock | undefined;
  /** How long a call may take. Default 30 s. */
  timeoutMs?: number | undefined;
  /** Checks every response against its schema: for development and tests. Default: trusts the server. */
  validate?: boolean | undefined;
}

interface CallParts {
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export function createApi(options: ApiOptions): Api {
  const { validate = false } = options;
  const request = createRequest(options);
  return {
    async call<N extends RouteName>(name: N, ...[callOptions]: CallArguments<N>): Promise<ResponseOf<N>> {
      const route: Route = ROUTES[name];
      const parts: CallParts = callOptions ?? {};
      const text = await request(route, parts);
      return toResponse(route, text, validate) as ResponseOf<N>;
    },
    events: (sessionId, { after = 0, signal } = {}) =>
      readEventStream({
        url: toUrl(options.url, ROUTES.listEvents, { params: { id: sessionId }, query: { after } }),
        headers: toAuthorization(options.key),
        fetch: options.fetch ?? globalThis.fetch,
        signal,
      }),
  };
}

/** The header that carries a key; none without one. */
export function toAuthorization(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

function createRequest({ url, key, fetch = globalThis.fetch, clock = systemClock, timeoutMs = 30_000 }: ApiOptions) {
  return async (route: Route, parts: CallParts): Promise<string> => {
    const what = `${route.method} ${API_PREFIX}${route.path}`;
    const timeout = new AbortController();
    const cancel = clock.after(timeoutMs, () => timeout.abort());
    try {
      const response = await fetch(toUrl(url, route, parts), {
        method: route.method,
        headers: toHeaders(key, parts),
        body: parts.body === undefined ? null : JSON.stringify(parts.body),
        signal: parts.signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, parts.signal]),
      });
      const text = await response.text();
      if (!response.ok) throw toFailure(what, response.status, text);
      return text;
    } catch (cause) {
      if (cause instanceof AppError || parts.signal?.aborted) throw cause;
      const why = timeout.signal.aborted ? `no answer in ${timeoutMs / 1000} s` : toReason(cause);
      const said = `Cannot reach the server at ${url} (${what}): ${why}. Look whether it runs there`;
      throw new AppError('server-unreachable', said, {}, { cause });
    } finally {
      cancel();
    }
  };
}

function toHeaders(key: string | undefined, parts: CallParts): Record<string, string> {
  return {
    accept: 'application/json',
    ...toAuthorization(key),
    ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(parts.idempotencyKey === undefined ? {} : { 'idempotency-key': parts.idempotencyKey }),
  };
}

function toUrl(base: string, route: Route, parts: CallParts): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts.params?.[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query ?? {}))
    if (value !== undefined) query.set(name, String(value));
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  return `${base.replace(/\/+$/, '')}${API_PREFIX}${path}${search}`;
}

function toResponse(route: Route, text: string, validate: boolean): unknown {
  if (route.response === undefined) return undefined;
  const parsed = parseJson(text);
  // The metrics are plain text; every other answer is JSON.
  if (!parsed.ok && route.path !== ROUTES.getMetrics.path) {
    throw new AppError('internal', `The server's answer to ${route.method} ${route.path} is not JSON`);
  }
  const value = parsed.ok ? parsed.value : text;
  if (!validate) return value;
  const checked = route.response.safeParse(value);
  if (checked.success) return checked.data;
  throw new AppError('internal', `The answer to ${route.method} ${route.path} is not valid: ${checked.error.message}`);
}

function toFailure(what: string, status: number, text: string): AppError {
  const parsed = parseJson(text);
  const problem = parsed.ok ? problemSchema.safeParse(parsed.value) : undefined;
  if (problem?.success) return toAppErrorOf(problem.data);
  return new AppError(toKind(status), `The server answered ${status} to ${what}`);
}

// For answers that are not ours: a proxy in between, or a server of another kind on the port.
function toKind(status: number): ErrorKind {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 413:
      return 'payload-too-large';
    case 429:
      return 'rate-limited';
    case 502:
    case 503:
    case 504:
      return 'server-unreachable';
    default:
      return 'internal';
  }
}

// Node hides why a connection failed in the cause of a bare "fetch failed".
function toReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error && error.cause.message !== '') return error.cause.message;
  return error.message;
}
