import type { Conversation } from '../play/conversation.ts';
import type { Beat, Reply } from '../play/reply.ts';
import { toCallPart, toFinishReason, toResponseId, toThought, toUsage } from './stream.ts';

/** The whole response for a client that does not stream. */
export function toWhole(reply: Reply, { model }: Conversation): unknown {
  const parts = reply.beats.flatMap(toPart);
  return {
    candidates: [{ content: { role: 'model', parts }, index: 0, finishReason: toFinishReason(reply.stop) }],
    usageMetadata: toUsage(reply.usage),
    modelVersion: model,
    responseId: toResponseId(),
  };
}

function toPart(beat: Beat): unknown[] {
  switch (beat.type) {
    case 'text':
      return [{ text: [...beat.pieces].join('') }];
    case 'thinking':
      return [{ text: toThought([...beat.pieces].join('')), thought: true }];
    case 'call':
      return [toCallPart(beat)];
    default:
      return [];
  }
}
