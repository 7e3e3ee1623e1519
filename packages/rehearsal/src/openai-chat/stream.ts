import { randomUUID } from 'node:crypto';
import type { Conversation } from '../play/conversation.ts';
import type { ReplyUsage, StopReason } from '../play/reply.ts';
import type { Malformed } from '../scenario/step.ts';
import type { ReplyStream } from '../serve/model-api.ts';
import { toErrorBody } from './to-error-body.ts';

const JSON_PIECE = 20;

export const toCompletionId = (): string => `chatcmpl-${randomUUID().replaceAll('-', '').slice(0, 24)}`;

export function toUsage(usage: ReplyUsage): unknown {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output,
    total_tokens: prompt + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead },
  };
}

export function toFinishReason(stop: StopReason): string {
  if (stop === 'tool_use') return 'tool_calls';
  if (stop === 'max_tokens') return 'length';
  return stop === 'refusal' ? 'content_filter' : 'stop';
}

/** The chunks of one streamed completion. */
export function createChatStream(conversation: Conversation): ReplyStream {
  const base = {
    id: toCompletionId(),
    object: 'chat.completion.chunk',
    created: 1_767_225_600,
    model: conversation.model,
  };
  let calls = 0;

  const line = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
  const chunk = (delta: unknown, finish: string | null = null): string =>
    line({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] });

  function call({ id, name, input }: { id: string; name: string; input: unknown }): string {
    const index = calls;
    calls += 1;
    const text = JSON.stringify(input);
    let chunks = chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
    for (let start = 0; start < text.length; start += JSON_PIECE) {
      chunks += chunk({ tool_calls: [{ index, function: { arguments: text.slice(start, start + JSON_PIECE) } }] });
    }
    return chunks;
  }

  return {
    open: () => chunk({ role: 'assistant', content: '' }),
    piece: (type, text) => chunk(type === 'text' ? { content: text } : { reasoning_content: text }),
    call,
    error: (error) => line(toErrorBody(error)),
    malformed: toMalformed,
    close: ({ stop, usage }) =>
      `${chunk({}, toFinishReason(stop))}${line({ ...base, choices: [], usage: toUsage(usage) })}data: [DONE]\n\n`,
  };
}

function toMalformed(how: Malformed): string {
  if (how === 'unknown-event') return ': a comment, as proxies send to keep a line open\n\n';
  if (how === 'cut-event') return 'data: {"id":"chatcmpl-1","choices":[{"ind';
  return 'data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"cont\n\n';
}
