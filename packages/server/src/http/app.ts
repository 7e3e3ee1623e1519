import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { API_PREFIX, AppError, isAppError, ROUTES, toAppError } from '@baton/protocol';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Authority, Identity } from '../auth/authority.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { listMethods } from './allowed-methods.ts';
import type { Gate } from './gate.ts';
import { toSessionCookie } from './identity.ts';
import { readJson } from './json-body.ts';
import { sendDocument, toErrorDocument, toLogLevel, toProblemDocument, writeDocument } from './problem.ts';
import { BODY_LIMIT, Refusal } from './register.ts';
import { toSecurityHeaders } from './security-headers.ts';

export interface AppParts {
  gate: Gate;
  authority: Authority;
  log: Log;
  metrics: Metrics;
  isStopping(): boolean;
  /** Answers GET outside the API. */
  servePage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

/** The HTTP server before its routes: gate, identity, body parsing, problem documents, log. */
export function createApp(parts: AppParts): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 120_000,
    // A connection that sends its headers drop by drop holds a place for this long at most.
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5000 },
    clientErrorHandler: answerUnreadable,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: () => `req_${randomUUID()}`,
    frameworkErrors(error, request, reply) {
      void answerError(parts, error, { request, reply });
    },
    routerOptions: { maxParamLength: 300 },
    // Shapes are checked by the zod schemas of the routes; these two would load a second validator.
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
  });
  parseJsonOnly(app);
  addGate(app, parts);
  addLog(app, parts);
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(parts, error, { request, reply }));
  app.setNotFoundHandler((request, reply) => answerUnknown(parts, request, reply));
  return app;
}

// What could not even be read as HTTP has no request to answer.
function answerUnreadable(_error: Error, socket: Socket): void {
  const error = new AppError('invalid-input', 'Cannot read the request: it is not valid HTTP');
  if (socket.writable) writeDocument(socket, toErrorDocument(error));
  else socket.destroy();
}

function refuseSchema(): never {
  throw new Error('Broken invariant: routes have no JSON schemas of their own');
}

function parseJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    // Clients send the content type with an empty body too.
    if (body === '') return done(null, undefined);
    try {
      done(null, readJson(body.toString(), 'the body'));
    } catch (cause) {
      done(toAppError(cause), undefined);
    }
  });
}

/** Answered to the end: a process that stops in order need not be killed. */
const LIVE_PROBE = `${API_PREFIX}${ROUTES.getLive.path}`;
const NOBODY: Identity = { user: { id: 'nobody', name: 'Nobody', role: 'none' } };

// Host and origin first, then who asks, and only then is a body read.
function addGate(app: FastifyInstance, parts: AppParts): void {
  app.decorateRequest('identity', null as never);
  app.addHook('onRequest', async (request, reply) => {
    request.identity = NOBODY;
    void reply.header('x-request-id', request.id);
    parts.gate.check(request.raw);
    void reply.headers(toSecurityHeaders(request.headers.host ?? ''));
    if (isApi(request)) void reply.header('cache-control', 'no-store');
    if (request.is404) return;
    if (parts.isStopping() && request.routeOptions.url !== LIVE_PROBE)
      throw new AppError('shutting-down', 'The server is shutting down; try again in a moment');
    if (request.routeOptions.config.open === true) return;
    request.identity = parts.authority.identify(request.raw);
    const { renewedToken } = request.identity;
    if (renewedToken !== undefined) {
      void reply.header('set-cookie', toSessionCookie(parts.authority, request, renewedToken));
    }
  });
}

function addLog(app: FastifyInstance, { log, metrics }: AppParts): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    const status = reply.statusCode;
    metrics.observe({ method, route, status, seconds: reply.elapsedTime / 1000 });
    log.debug(
      { requestId: request.id, method, path: toPath(request), status, ms: Math.round(reply.elapsedTime) },
      'Answered',
    );
  });
}

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

function answerUnknown(parts: AppParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const path = toPath(request);
  if (!isApi(request) && (request.method === 'GET' || request.method === 'HEAD'))
    return parts.servePage(request, reply);
  const methods = listMethods(path);
  if (methods.length === 0) throw new AppError('not-found', `There is nothing at "${path.slice(0, 300)}"`);
  void reply.header('allow', methods.join(', '));
  throw new AppError(
    'method-not-allowed',
    `"${path.slice(0, 300)}" takes ${methods.join(', ')}, not ${request.method}`,
  );
}

function answerError({ log }: AppParts, error: Error, { request, reply }: Exchange): FastifyReply {
  if (error instanceof Refusal) return sendDocument(reply, toProblemDocument(error.problem));
  const known = toKnownError(error);
  const level = toLogLevel(known.kind);
  const fields = { requestId: request.id, method: request.method, path: toPath(request), kind: known.kind };
  log[level](level === 'error' ? { ...fields, err: known.cause ?? known } : fields, known.message);
  return sendDocument(reply, toErrorDocument(known));
}

// Fastify has its own errors for what it could not read.
function toKnownError(error: Error): AppError {
  if (isAppError(error)) return error;
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413)
    return new AppError('payload-too-large', 'The body is too large: prompts take 20 MB, all else 1 MB');
  if (status === 415)
    return new AppError('unsupported-media-type', 'Send the body as JSON, with Content-Type: application/json');
  if (status === 414) return new AppError('not-found', 'The path is too long');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError('invalid-input', `Cannot read the request: ${error.message.slice(0, 200)}`);
  }
  return toAppError(error);
}

function isApi(request: FastifyRequest): boolean {
  return /^\/api(\/|$)/.test(toPath(request));
}

// Without the query, which may hold what nobody should read in a log.
function toPath(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
