import { AppError, isAppError } from '@baton/protocol';
import { insist, type OpencodeApi } from './api.ts';
import type { OpencodeState } from './state.ts';

type Gone = 'approval-already-answered' | 'question-already-answered';

/** Gives OpenCode an answer, again where a connection broke. Rejects with `gone` when it no longer waits for one. */
export async function sendReply(
  api: OpencodeApi,
  reply: { path: string; body: unknown; directory: string; gone: Gone },
): Promise<void> {
  const { path, body, directory, gone } = reply;
  await insist(async (tries) => {
    try {
      await api.send(path, { body, directory });
    } catch (error) {
      if (!isAppError(error) || error.kind !== 'not-found') throw error;
      // The try before got through, although its own answer did not.
      if (tries > 1) return;
      throw new AppError(gone, 'Cannot answer: OpenCode no longer waits for it', {}, { cause: error });
    }
  });
}

/** Ends the running turn. OpenCode goes on listing what an aborted turn asked, so each of that is turned down. */
export async function abortTurn(api: OpencodeApi, { nativeId, prompts, cwd: directory }: OpencodeState): Promise<void> {
  await insist(() => api.send(`/session/${nativeId}/abort`, { directory }));
  const open = prompts.map(({ type, requestId }) =>
    type === 'approval'
      ? api.send(`/permission/${requestId}/reply`, { directory, body: { reply: 'reject' } })
      : api.send(`/question/${requestId}/reject`, { directory }),
  );
  await Promise.allSettled(open);
}
