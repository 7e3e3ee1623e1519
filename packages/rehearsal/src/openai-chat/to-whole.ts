import type { Conversation } from '../play/conversation.ts';
import type { Reply } from '../play/reply.ts';
import { toCompletionId, toFinishReason, toUsage } from './stream.ts';

/** The whole completion for a client that does not stream. */
export function toWhole(reply: Reply, { model }: Conversation): unknown {
  const calls = reply.beats.flatMap((beat) =>
    beat.type === 'call'
      ? [{ id: beat.id, type: 'function', function: { name: beat.name, arguments: JSON.stringify(beat.input) } }]
      : [],
  );
  const content = reply.beats.flatMap((beat) => (beat.type === 'text' ? [...beat.pieces] : [])).join('');
  return {
    id: toCompletionId(),
    object: 'chat.completion',
    created: 1_767_225_600,
    model,
    choices: [
      {
        index: 0,
        finish_reason: toFinishReason(reply.stop),
        message: { role: 'assistant', content, refusal: null, ...(calls.length > 0 ? { tool_calls: calls } : {}) },
      },
    ],
    usage: toUsage(reply.usage),
  };
}
