import type { AppServer } from './app-server.ts';
import type { Reply } from './approve.ts';

/** Gives Codex the answers it waits for, in order. Rejects when one cannot be delivered. */
export async function sendReplies(
  replies: readonly Reply[],
  { server, threadId }: { server: Pick<AppServer, 'request' | 'reply'> | undefined; threadId: string },
): Promise<void> {
  for (const { requestId, result, note } of replies) {
    // The answer has no room for words: they go before it, so that the model reads both at once.
    if (note !== undefined) {
      const items = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: note }] }];
      await server?.request('thread/inject_items', { threadId, items }).catch(() => undefined);
    }
    await server?.reply(requestId, result);
  }
}
