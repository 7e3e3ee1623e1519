import { toWellFormed } from '@baton/protocol';
import type { AssistantPart, ChatMessage, UserPart } from './wire.ts';

/**
 * The message without halves of characters, which a long text has where it was cut and a model may write as a number: a provider
 * refuses each request that holds one. Thinking is signed, and stays as it came.
 */
export function toWellFormedMessage(message: ChatMessage): ChatMessage {
  if (message.role === 'user') return { ...message, parts: message.parts.map(toUserPart) };
  return { ...message, parts: message.parts.map(toAssistantPart) };
}

function toUserPart(part: UserPart): UserPart {
  return part.type === 'image' ? part : { ...part, text: part.text.toWellFormed() };
}

function toAssistantPart(part: AssistantPart): AssistantPart {
  if (part.type === 'call') return { ...part, input: toWellFormed(part.input) };
  return part.type === 'text' ? { ...part, text: part.text.toWellFormed() } : part;
}
