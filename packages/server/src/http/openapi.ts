import { API_PREFIX, problemSchema, ROUTES, type Route } from '@baton/protocol';
import { z } from 'zod';

type Schema = Record<string, unknown>;

/** The API as an OpenAPI 3.1 document, from the same route values that the server serves. */
export function toOpenApi(version: string): Schema {
  const paths: Record<string, Schema> = {};
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: toOperation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Baton',
      version,
      description:
        'Run, watch, steer and approve coding agents. The live socket is described in the project documents.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: API_PREFIX }],
    security: [{ bearer: [] }, { apiKey: [] }, { browserSession: [] }],
    paths,
    components: {
      schemas: { Problem: toSchema(problemSchema, 'output') },
      responses: { Problem: PROBLEM },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const PROBLEM: Schema = {
  description: 'What went wrong (RFC 9457); `kind` is from a closed list',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const SECURITY_SCHEMES: Schema = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The owner key, for example `Authorization: Bearer baton_0f3c…`',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The owner key' },
  browserSession: {
    type: 'apiKey',
    in: 'cookie',
    name: 'baton_session_22866',
    description: 'Set by `POST /sign-in`; the name ends with the port of the server',
  },
};

const IDEMPOTENCY_KEY: Schema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key on the same route has one effect and the same answer',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function toOperation(name: string, route: Route): Schema {
  const isMutation = route.method !== 'GET' && route.open !== true;
  const parameters = [
    ...toParameters(route.params, 'path'),
    ...toParameters(route.query, 'query'),
    ...(isMutation ? [IDEMPOTENCY_KEY] : []),
  ];
  return {
    operationId: name,
    summary: route.summary,
    ...(route.open === true ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body === undefined ? {} : { requestBody: toBody(route.body) }),
    responses: { [String(route.status)]: toAnswer(name, route), default: { $ref: '#/components/responses/Problem' } },
  };
}

function toBody(body: z.ZodType): Schema {
  return { required: true, content: { 'application/json': { schema: toSchema(body, 'input') } } };
}

function toAnswer(name: string, route: Route): Schema {
  if (route.response === undefined) return { description: 'Done' };
  const schema = toSchema(route.response, 'output');
  if (name === 'getMetrics') return { description: route.summary, content: { 'text/plain': { schema } } };
  const content: Schema = { 'application/json': { schema } };
  if (name === 'listEvents') content['text/event-stream'] = { schema: { type: 'string' } };
  const location = { Location: { description: 'Where the new thing is', schema: { type: 'string' } } };
  return { description: route.summary, ...(route.status === 201 ? { headers: location } : {}), content };
}

function toParameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Schema[] {
  if (schema === undefined) return [];
  const { properties, required } = toSchema(schema, 'input');
  const names = Array.isArray(required) ? required : [];
  return Object.entries(properties ?? {}).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || names.includes(name),
    schema: value as unknown,
  }));
}

// What cannot be said in JSON Schema (a refinement, a transformation) is left out rather than refused.
function toSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  return rest;
}
