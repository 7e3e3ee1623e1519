import { toAppError } from '@baton/protocol';
import type { AppServer } from './app-server.ts';
import type { Conversation } from './conversation.ts';
import { readTurns } from './turns.ts';

/**
 * Reports which turns Codex has. Somebody went back in its own program, now or perhaps while the conversation was not open
 * here, and Codex does not tell where to.
 */
export async function tellWhatIsLeft(conversation: Conversation, request: AppServer['request']): Promise<void> {
  try {
    const points = await Array.fromAsync(readTurns({ request }, conversation.state.threadId));
    void conversation.report({ type: 'agent.went-back', points });
  } catch (error) {
    const why = toAppError(error).message;
    // It has had no turn yet.
    if (/not materialized yet/i.test(why)) return;
    const what = 'Codex did not tell whether somebody went back in its own program';
    conversation.tell('warning', `${what}: ${why}. What is shown may be more than it knows.`);
  }
}
