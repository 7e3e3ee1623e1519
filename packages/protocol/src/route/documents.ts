import { z } from 'zod';
import { defineRoute } from './route.ts';

export const getOpenapi = defineRoute({
  method: 'GET',
  path: '/openapi.json',
  summary: 'This API as an OpenAPI document',
  status: 200,
  response: z.looseObject({ openapi: z.string() }),
});

export const getMetrics = defineRoute({
  method: 'GET',
  path: '/metrics',
  summary: 'Prometheus metrics, as text',
  status: 200,
  response: z.string(),
});
