import type { Conversation } from '../play/conversation.ts';
import type { Beat, Reply } from '../play/reply.ts';
import { toCallId, toIncomplete, toResponse, toResponseId, toUsage } from './stream.ts';
import { toCallItem } from './to-call-item.ts';

/** The whole response for a client that does not stream. */
export function toWhole(reply: Reply, conversation: Conversation): unknown {
  const id = toResponseId();
  const reason = toIncomplete(reply.stop);
  const status = reason === undefined ? 'completed' : 'incomplete';
  const output = reply.beats.flatMap((beat, index) => toItem(beat, { responseId: id, index, conversation }) ?? []);
  return {
    ...toResponse({ id, model: conversation.model, status, output }),
    ...(reason === undefined ? {} : { incomplete_details: { reason } }),
    usage: toUsage(reply.usage),
  };
}

function toItem(
  beat: Beat,
  { responseId, index, conversation }: { responseId: string; index: number; conversation: Conversation },
): unknown {
  const suffix = `${responseId.slice(5)}_${index}`;
  if (beat.type === 'text') {
    const text = [...beat.pieces].join('');
    const content = [{ type: 'output_text', text, annotations: [] }];
    return { type: 'message', id: `msg_${suffix}`, role: 'assistant', status: 'completed', content };
  }
  if (beat.type === 'thinking') {
    const summary = [{ type: 'summary_text', text: [...beat.pieces].join('') }];
    return { type: 'reasoning', id: `rs_${suffix}`, summary };
  }
  if (beat.type !== 'call') return undefined;
  const { text, ...item } = toCallItem(beat, conversation.tools);
  const field = item.type === 'function_call' ? 'arguments' : 'input';
  return { ...item, id: `fc_${suffix}`, call_id: toCallId(responseId, index), [field]: text, status: 'completed' };
}
