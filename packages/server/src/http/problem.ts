import type { Duplex } from 'node:stream';
import { ERRORS, toProblem, type AppError, type ErrorKind, type Problem } from '@baton/protocol';
import type { FastifyReply } from 'fastify';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Seconds after which another try makes sense, for the kinds that pass by themselves. */
const RETRY_AFTER: Partial<Record<ErrorKind, number>> = {
  'rate-limited': 1,
  'too-many-sessions': 10,
  'quota-exceeded': 60,
  'shutting-down': 5,
  'server-restarted': 1,
  'store-unavailable': 5,
  'disk-full': 30,
};

export interface ProblemDocument {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A refusal or fault as it goes over HTTP. */
export function toProblemDocument(problem: Problem, retryAfter?: number): ProblemDocument {
  const wait = retryAfter ?? RETRY_AFTER[problem.kind];
  return {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_TYPE,
      'cache-control': 'no-store',
      ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer realm="baton"' } : {}),
    },
    body: JSON.stringify(problem),
  };
}

export function toErrorDocument(error: AppError): ProblemDocument {
  return toProblemDocument(toProblem(error), error.details.retryAfter);
}

export function sendDocument(reply: FastifyReply, document: ProblemDocument): FastifyReply {
  return reply.code(document.status).headers(document.headers).send(document.body);
}

/** The answer as bytes, for a connection that has no response object, and the end of the connection. */
export function writeDocument(socket: Duplex, document: ProblemDocument): void {
  const length = String(Buffer.byteLength(document.body));
  const headers = { ...document.headers, 'content-length': length, connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  // Not the words of node:http: importing it as a module loads all of undici at start.
  socket.end(`HTTP/1.1 ${document.status} Refused\r\n${lines.join('')}\r\n${document.body}`, () => socket.destroy());
}

/** How loud the log is about it. */
export function toLogLevel(kind: ErrorKind): 'debug' | 'info' | 'warn' | 'error' {
  return ERRORS[kind].log;
}
