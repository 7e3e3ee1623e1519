import type { Conversation } from '../play/conversation.ts';
import type { Beat, Reply } from '../play/reply.ts';
import { SIGNATURE, toMessageId, toUsage } from './stream.ts';

/** The whole message for a client that does not stream. */
export function toWhole(reply: Reply, { model }: Conversation): unknown {
  return {
    id: toMessageId(),
    type: 'message',
    role: 'assistant',
    model,
    content: reply.beats.flatMap(toBlock),
    stop_reason: reply.stop,
    stop_sequence: null,
    usage: toUsage(reply.usage),
  };
}

function toBlock(beat: Beat): unknown[] {
  switch (beat.type) {
    case 'text':
      return [{ type: 'text', text: [...beat.pieces].join('') }];
    case 'thinking':
      return [{ type: 'thinking', thinking: [...beat.pieces].join(''), signature: SIGNATURE }];
    case 'call':
      return [{ type: 'tool_use', id: beat.id, name: beat.name, input: beat.input }];
    default:
      return [];
  }
}
