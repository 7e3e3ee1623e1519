import { AppError } from '@baton/protocol';
import type { OpenOptions } from '../ports/backend.ts';
import type { SessionActorOptions } from './session-actor.ts';
import type { SessionLog } from './session-log.ts';

/** What to open a session's agent with, as the session stands now. */
export async function describeAgent(
  log: SessionLog,
  { store, sessionId, resolveFolder }: SessionActorOptions,
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
