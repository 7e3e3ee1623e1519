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
