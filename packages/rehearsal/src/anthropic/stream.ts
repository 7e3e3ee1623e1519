import { randomUUID } from 'node:crypto';
import type { Conversation } from '../play/conversation.ts';
import type { ReplyUsage } from '../play/reply.ts';
import type { Malformed } from '../scenario/step.ts';
import type { ReplyStream } from '../serve/model-api.ts';
import { toErrorBody } from './to-error-body.ts';

/** Thinking must carry a signature to be sent back; this one is recognisable. */
export const SIGNATURE = Buffer.from('rehearsal').toString('base64');
const JSON_PIECE = 24;

export const toMessageId = (): string => `msg_${randomUUID().replaceAll('-', '').slice(0, 24)}`;

export function toUsage(usage: ReplyUsage): Record<string, number> {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens: usage.output,
  };
}

const event = (data: { type: string; [key: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

/** The events of one streamed message: text and thinking blocks stay open until something else comes. */
export function createAnthropicStream(conversation: Conversation, usage: ReplyUsage): ReplyStream {
  let index = -1;
  let open: 'text' | 'thinking' | undefined;

  function start(block: { type: string; [key: string]: unknown }): string {
    index += 1;
    return event({ type: 'content_block_start', index, content_block: block });
  }

  const delta = (value: { type: string; [key: string]: unknown }): string =>
    event({ type: 'content_block_delta', index, delta: value });

  function stop(): string {
    if (open === undefined) return '';
    const signed = open === 'thinking' ? delta({ type: 'signature_delta', signature: SIGNATURE }) : '';
    open = undefined;
    return signed + event({ type: 'content_block_stop', index });
  }

  function piece(type: 'text' | 'thinking', text: string): string {
    const begin =
      open === type ? '' : stop() + start(type === 'text' ? { type, text: '' } : { type, thinking: '', signature: '' });
    open = type;
    return begin + delta(type === 'text' ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text });
  }

  return {
    open: () => toOpening(conversation, usage) + event({ type: 'ping' }),
    piece,
    call: ({ id, name, input }) =>
      stop() +
      start({ type: 'tool_use', id, name, input: {} }) +
      toJsonPieces(input)
        .map((partial) => delta({ type: 'input_json_delta', partial_json: partial }))
        .join('') +
      event({ type: 'content_block_stop', index }),
    error: (error) => event(toErrorBody(error)),
    malformed: toMalformed,
    close: (end) =>
      stop() +
      event({
        type: 'message_delta',
        delta: { stop_reason: end.stop, stop_sequence: null },
        usage: toUsage(end.usage),
      }) +
      event({ type: 'message_stop' }),
  };
}

function toOpening({ model }: Conversation, usage: ReplyUsage): string {
  return event({
    type: 'message_start',
    message: {
      id: toMessageId(),
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...toUsage(usage), output_tokens: 1, service_tier: 'standard' },
    },
  });
}

function toJsonPieces(input: unknown): string[] {
  const text = JSON.stringify(input);
  const pieces = [''];
  for (let start = 0; start < text.length; start += JSON_PIECE) pieces.push(text.slice(start, start + JSON_PIECE));
  return pieces;
}

function toMalformed(how: Malformed): string {
  if (how === 'unknown-event') return event({ type: 'rehearsal_surprise', detail: 'an event from a newer API' });
  if (how === 'cut-event') return 'event: content_block_delta\ndata: {"type":"content_block_del';
  return 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_\n\n';
}
