import type { z } from 'zod';

/** One HTTP route: the server, the typed client and the OpenAPI document all read this value. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, parameters as `:name`. */
  path: string;
  summary: string;
  /** Open routes need no identity. */
  open?: boolean;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Status of success and the shape it answers with; no shape means no body. */
  status: number;
  response?: z.ZodType;
}

export const API_PREFIX = '/api/v1';

/** Keeps the literal types of a route. */
export function defineRoute<const R extends Route>(route: R): R {
  return route;
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a request of a route holds, after its schemas took it; `undefined` where the route has no such part. */
export interface RouteInput<R extends Route> {
  params: R extends { params: infer S } ? Parsed<S> : undefined;
  query: R extends { query: infer S } ? Parsed<S> : undefined;
  body: R extends { body: infer S } ? Parsed<S> : undefined;
}
