import type { Clock, Engine } from '@baton/core';
import { AppError, type ROUTES } from '@baton/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Leases } from '../auth/leases.ts';
import { openEventStream, type EventStream } from '../stream/event-stream.ts';
import type { Call, Handlers } from './register.ts';
import { readSession } from './sessions.ts';

export interface EventParts {
  engine: Engine;
  clock: Clock;
  leases: Leases;
  maxStreams: number;
  /** The streams that are open, so that the server can end them. */
  streams: Set<EventStream>;
}

type EventsCall = Call<(typeof ROUTES)['listEvents']>;

export function createEventHandlers(parts: EventParts): Pick<Handlers, 'listEvents'> {
  return {
    async listEvents(call) {
      await readSession(parts.engine, call.params.id);
      if (wantsStream(call.request)) return startStream(parts, call);
      return parts.engine.readEvents(call.params.id, call.query);
    },
  };
}

function wantsStream(request: FastifyRequest): boolean {
  return request.method === 'GET' && /\btext\/event-stream\b/i.test(request.headers.accept ?? '');
}

function startStream(parts: EventParts, call: EventsCall): undefined {
  const { streams, leases } = parts;
  if (streams.size >= parts.maxStreams) {
    throw new AppError('rate-limited', `Too many event streams are open (${streams.size}): close some`);
  }
  const after = readLastEventId(call.request) ?? call.query.after;
  openResponse(call.reply);
  const stream = openEventStream({
    engine: parts.engine,
    clock: parts.clock,
    sessionId: call.params.id,
    after,
    response: call.reply.raw,
    onEnd() {
      giveBack();
      streams.delete(stream);
    },
  });
  const giveBack = leases.hold(call.identity.sessionHash, () => stream.end());
  if (!call.reply.raw.writableEnded) streams.add(stream);
  return undefined;
}

// From here on the response is written by hand; the headers that hooks have set so far still go out.
function openResponse(reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
}

// What a reconnecting browser sends wins over the address it was opened with.
function readLastEventId(request: FastifyRequest): number | undefined {
  const text = request.headers['last-event-id'];
  if (text === undefined || text === '') return undefined;
  const seq = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (seq === undefined) throw new AppError('invalid-input', 'Cannot read the Last-Event-ID header: it must be a seq');
  return seq;
}
