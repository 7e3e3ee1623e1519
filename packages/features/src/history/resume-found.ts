import type { Actor, Engine, StoredSession } from '@baton/core';
import {
  AppError,
  type CommandId,
  createId,
  type FoundSession,
  type SessionId,
  sessionViewSchema,
  toAppError,
  type SessionView,
} from '@baton/protocol';

export interface ResumeRequest {
  found: FoundSession;
  /** What was said in it, and how it went on. */
  read(): Promise<StoredSession>;
  fork: boolean;
  sessionId?: SessionId | undefined;
  /** The session that goes on with it already. */
  own?: SessionView | undefined;
  commandId: CommandId;
  actor: Actor;
}

/** The session that goes on with a stored conversation: the one there is, or a new one that has its past. */
export async function resumeFound(
  request: ResumeRequest,
  { engine, resolveFolder }: { engine: Engine; resolveFolder(path: string): Promise<string> },
): Promise<SessionView> {
  const { found, fork, own, commandId, actor } = request;
  const what = `Cannot ${fork ? 'fork' : 'go on with'} "${found.title}"`;
  if (own !== undefined && !fork) return own;
  if (found.live && !fork) {
    const why = 'it is open in a terminal, and two programs on one conversation would lose what the other does';
    throw new AppError('conflict', `${what}: ${why}. End it there, or fork it`);
  }
  await requireCapability(engine, found.backend, { capability: fork ? 'fork' : 'resume', what });
  const cwd = await resolveFolder(found.cwd).catch((cause: unknown) => {
    throw toFolderFault(cause, what);
  });
  const stored = await request.read();
  const { nativeId, model } = stored;
  const receipt = await engine.importSession(
    {
      sessionId: request.sessionId ?? createId('session'),
      created: {
        type: 'session.created',
        backend: found.backend,
        cwd,
        title: fork ? `${found.title} (fork)` : found.title,
        ...(model === undefined ? {} : { model }),
        ...(fork ? { branch: { nativeId } } : { nativeId }),
        by: actor.id,
      },
      past: stored.events,
      env: {},
    },
    { commandId, actor },
  );
  if (!receipt.ok) throw new AppError(receipt.error.kind, receipt.error.detail);
  return sessionViewSchema.parse(receipt.result);
}

// The agent kept the conversation with this folder: it can go on nowhere else.
function toFolderFault(cause: unknown, what: string): AppError {
  const { kind, message } = toAppError(cause);
  const todo = kind === 'invalid-input' ? '. It works in that folder: put it back, or make it anew' : '';
  return new AppError(kind, `${what}. ${message}${todo}`, {}, { cause });
}

async function requireCapability(
  engine: Engine,
  backend: string,
  { capability, what }: { capability: 'fork' | 'resume'; what: string },
): Promise<void> {
  const view = (await engine.listBackends()).find(({ id }) => id === backend);
  if (view === undefined || !view.installed) {
    throw new AppError('backend-not-installed', `${what}: ${view?.problem ?? `its agent "${backend}" is not there`}`);
  }
  if (!view.capabilities.includes(capability)) {
    throw new AppError('capability-missing', `${what}: ${view.title} cannot do that`);
  }
}
