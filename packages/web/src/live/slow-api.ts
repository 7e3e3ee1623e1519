import { type Api, createApi } from '@baton/client';
import { pageFetch } from './page-fetch.ts';

/** A real program is started, and plays its part to the end. */
const SLOW_MS = 120_000;

/** For what takes longer than a page usually waits. */
export function createSlowApi(): Api {
  return createApi({ url: location.origin, fetch: pageFetch, timeoutMs: SLOW_MS });
}
