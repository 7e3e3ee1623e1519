import { toAppError } from '@baton/protocol';
import type { AppServer } from './app-server.ts';
import type { Conversation } from './conversation.ts';
import { readTurns } from './turns.ts';

/**
 * Reports which turns Codex has: somebody went back in its own program, and Codex does not tell where to; or the conversation
 * was opened, and somebody may have meanwhile.
 */
export async function tellWhatIsLeft(
  conversation: Conversation,
  request: AppServer['request'],
  why: 'somebody-went-back' | 'opened',
): Promise<void> {
  try {
    const points = await Array.fromAsync(readTurns({ request }, conversation.state.threadId));
    void conversation.report({ type: 'agent.went-back', points, ...(why === 'opened' ? { isOpened: true } : {}) });
  } catch (error) {
    // Codex does not know the turns of a conversation that has had none, or is being left.
    if (why === 'opened') return;
    const reason = toAppError(error).message;
    const what = 'Somebody went back in Codex itself, and it does not tell where to';
    conversation.tell('warning', `${what} (${reason}). Parts of what is shown may be unknown to it.`);
  }
}
