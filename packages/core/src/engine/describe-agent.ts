import { AppError, type SessionId } from '@baton/protocol';
import type { OpenOptions } from '../ports/backend.ts';
import type { EngineOptions } from './engine-options.ts';
import type { SessionLog } from './session-log.ts';

/** What to open a session's agent with, as the session stands now. */
export async function describeAgent(
  log: SessionLog,
  { store, sessionId, resolveFolder }: Pick<EngineOptions, 'store' | 'resolveFolder'> & { sessionId: SessionId },
): Promise<Omit<OpenOptions, 'report'>> {
  const { cwd } = log.requireOpen();
  const [env, folder] = await Promise.all([store.readEnv(sessionId), resolveFolder(cwd)]);
  const { model, mode, effort, nativeId, branch } = log.requireOpen();
  // The folder was checked when the session was made; since then it may be gone, or lead somewhere else.
  if (folder !== cwd) {
    throw new AppError('forbidden', `Cannot start session "${sessionId}": its folder "${cwd}" now leads elsewhere`);
  }
  return { sessionId, cwd, model, mode, effort, env, nativeId, branch, history: () => log.history() };
}
