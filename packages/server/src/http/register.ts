import { createHash } from 'node:crypto';
import type { Actor, Receipt } from '@baton/core';
import {
  API_PREFIX,
  AppError,
  createId,
  ROUTES,
  toInvalidInput,
  type CommandId,
  type Problem,
  type Route,
  type RouteInput,
  type RouteName,
} from '@baton/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Identity } from '../auth/authority.ts';

/** One request, after its identity and its shape were checked. */
export interface Call<R extends Route> extends RouteInput<R> {
  identity: Identity;
  actor: Actor;
  request: FastifyRequest;
  reply: FastifyReply;
  /** Repeatable when the caller sent Idempotency-Key, or names the thing that it makes with `own`. */
  commandId(own?: string): CommandId;
}

export type Handler<R extends Route> = (call: Call<R>) => Promise<unknown>;
/** A handler for every route of the protocol: one that is missing does not compile. */
export type Handlers = { [Name in RouteName]: Handler<(typeof ROUTES)[Name]> };

export const BODY_LIMIT = 1024 * 1024;
/** Prompts carry images. */
export const PROMPT_BODY_LIMIT = 20 * 1024 * 1024;
const PROMPT_ROUTES: ReadonlySet<string> = new Set<RouteName>(['createSession', 'startTurn', 'createTask']);

/** A refusal that the engine gave as a value, on its way to the error handler. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function registerRoutes(app: FastifyInstance, handlers: Handlers): void {
  for (const name of Object.keys(ROUTES) as RouteName[]) registerRoute(app, name, handlers[name] as Handler<Route>);
}

function registerRoute(app: FastifyInstance, name: RouteName, handler: Handler<Route>): void {
  const route: Route = ROUTES[name];
  app.route({
    method: route.method,
    url: `${API_PREFIX}${route.path}`,
    bodyLimit: PROMPT_ROUTES.has(name) ? PROMPT_BODY_LIMIT : BODY_LIMIT,
    config: { open: route.open === true },
    handler: async (request, reply) => {
      const result = await handler(toCall(route, request, reply));
      if (reply.sent) return reply;
      void reply.code(route.status);
      return route.response === undefined ? reply.send() : result;
    },
  });
}

function toCall(route: Route, request: FastifyRequest, reply: FastifyReply): Call<Route> {
  const params = readPart(route.params, request.params, () => toNothing(request));
  const query = readPart(route.query, request.query, (error) => toInvalidInput('the query', error));
  const body = readPart(route.body, request.body, (error) => toInvalidInput('the body', error));
  const { user } = request.identity;
  const key = readIdempotencyKey(request);
  return {
    // The parts are what the route's own schemas made of the request, which is what `Call` says of them.
    params: params as never,
    query: query as never,
    body: body as never,
    identity: request.identity,
    actor: { id: user.id, name: user.name },
    request,
    reply,
    commandId: (own) => toCommandId(route, request, key ?? own),
  };
}

function readPart(schema: z.ZodType | undefined, value: unknown, toError: (error: z.ZodError) => AppError): unknown {
  const parsed = schema?.safeParse(value);
  if (parsed?.success === false) throw toError(parsed.error);
  return parsed?.data;
}

// An id that no thing can have names nothing.
function toNothing(request: FastifyRequest): AppError {
  return new AppError('not-found', `There is nothing at "${request.url.split('?')[0]?.slice(0, 300)}"`);
}

function readIdempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && key.length > 0 && key.length <= 255) return key;
  throw new AppError('invalid-input', 'Cannot read the Idempotency-Key header: it must hold 1 to 255 characters');
}

// The same key on two routes, or on two sessions, is two commands.
function toCommandId(route: Route, request: FastifyRequest, key: string | undefined): CommandId {
  if (key === undefined) return createId('command');
  const place = [route.method, route.path, JSON.stringify(request.params ?? {}), key].join('\n');
  return `http_${createHash('sha256').update(place).digest('base64url')}`;
}

/** The result of a receipt; a refusal becomes the answer of the request. */
export function unwrap(receipt: Receipt): unknown {
  if (receipt.ok) return receipt.result;
  throw new Refusal(receipt.error);
}
