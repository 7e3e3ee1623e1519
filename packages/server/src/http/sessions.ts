import type { Engine } from '@baton/core';
import {
  API_PREFIX,
  AppError,
  type ROUTES,
  sessionViewSchema,
  type SessionId,
  type SessionView,
} from '@baton/protocol';
import type { FastifyReply } from 'fastify';
import { unwrap, type Call, type Handlers } from './register.ts';

type SessionHandlers = Pick<
  Handlers,
  | 'createSession'
  | 'listSessions'
  | 'getSession'
  | 'patchSession'
  | 'deleteSession'
  | 'startTurn'
  | 'unqueueTurn'
  | 'interruptSession'
  | 'stopSession'
  | 'startSession'
  | 'forkSession'
  | 'steerTurn'
>;

export function createSessionHandlers(engine: Engine): SessionHandlers {
  return {
    createSession: (call) => createSession(engine, call),
    listSessions: ({ query }) => engine.listSessions(query),
    getSession: ({ params }) => readSession(engine, params.id),
    patchSession: (call) => patchSession(engine, call),
    async deleteSession({ params, actor }) {
      unwrap(await engine.deleteSession(params.id, actor));
    },
    async startTurn({ params, body, actor, commandId }) {
      const { id: turnId, input } = body;
      const command = { type: 'turn.start' as const, sessionId: params.id, ...(turnId && { turnId }), input };
      return unwrap(await engine.execute(command, { commandId: commandId(turnId), actor }));
    },
    async unqueueTurn({ params, actor, commandId }) {
      const command = { type: 'turn.unqueue' as const, sessionId: params.id, turnId: params.turnId };
      unwrap(await engine.execute(command, { commandId: commandId(), actor }));
    },
    forkSession: (call) => forkSession(engine, call),
    async steerTurn({ params, body, actor, commandId }) {
      const command = { type: 'turn.steer' as const, sessionId: params.id, ...body };
      return unwrap(await engine.execute(command, { commandId: commandId(), actor }));
    },
    interruptSession: (call) => act(engine, 'turn.interrupt', call),
    stopSession: (call) => act(engine, 'session.stop', call),
    startSession: (call) => act(engine, 'session.start', call),
  };
}

export async function readSession(engine: Engine, id: SessionId): Promise<SessionView> {
  const view = await engine.readView(id);
  if (view === undefined) throw new AppError('not-found', `There is no session "${id}"`);
  return view;
}

async function createSession(engine: Engine, call: Call<(typeof ROUTES)['createSession']>): Promise<unknown> {
  const { id, ...rest } = call.body;
  const command = { type: 'session.create' as const, ...(id && { sessionId: id }), ...rest };
  const result = unwrap(await engine.execute(command, { commandId: call.commandId(id), actor: call.actor }));
  return showPlace(call, result);
}

async function forkSession(engine: Engine, call: Call<(typeof ROUTES)['forkSession']>): Promise<unknown> {
  const { id, ...rest } = call.body;
  const command = { type: 'session.fork' as const, sessionId: call.params.id, ...(id && { forkId: id }), ...rest };
  return showPlace(call, unwrap(await engine.execute(command, { commandId: call.commandId(id), actor: call.actor })));
}

// Where what was made can be found.
function showPlace({ reply }: { reply: FastifyReply }, result: unknown): unknown {
  const view = sessionViewSchema.pick({ id: true }).safeParse(result);
  if (view.success) void reply.header('location', `${API_PREFIX}/sessions/${view.data.id}`);
  return result;
}

// Two commands under one request: each gets an id of its own, so that the request as a whole can be repeated.
async function patchSession(engine: Engine, call: Call<(typeof ROUTES)['patchSession']>): Promise<unknown> {
  const { archived, ...change } = call.body;
  const sessionId = call.params.id;
  const commandId = call.commandId();
  let result: unknown;
  if (Object.keys(change).length > 0) {
    const command = { type: 'session.configure' as const, sessionId, ...change };
    result = unwrap(await engine.execute(command, { commandId, actor: call.actor }));
  }
  if (archived !== undefined) {
    const command = { type: 'session.archive' as const, sessionId, archived };
    result = unwrap(await engine.execute(command, { commandId: `${commandId}.archive`, actor: call.actor }));
  }
  return result;
}

type Act = Call<(typeof ROUTES)['interruptSession' | 'stopSession' | 'startSession']>;

async function act(
  engine: Engine,
  type: 'turn.interrupt' | 'session.stop' | 'session.start',
  { params, actor, commandId }: Act,
): Promise<unknown> {
  return unwrap(await engine.execute({ type, sessionId: params.id }, { commandId: commandId(), actor }));
}
