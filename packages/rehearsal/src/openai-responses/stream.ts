import { randomUUID } from 'node:crypto';
import type { Conversation } from '../play/conversation.ts';
import type { ReplyUsage, StopReason } from '../play/reply.ts';
import type { Malformed } from '../scenario/step.ts';
import type { ReplyStream } from '../serve/model-api.ts';
import { toCallItem } from './to-call-item.ts';
import { toErrorBody } from './to-error-body.ts';

const PIECE = 24;

const toSuffix = (): string => randomUUID().replaceAll('-', '').slice(0, 24);
export const toResponseId = (): string => `resp_${toSuffix()}`;

export function toUsage(usage: ReplyUsage): unknown {
  const input = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cacheRead },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + usage.output,
  };
}

export function toResponse(response: { id: string; model: string; status: string; output: readonly unknown[] }): {
  [key: string]: unknown;
} {
  return { object: 'response', created_at: 1_767_225_600, error: null, incomplete_details: null, ...response };
}

const INCOMPLETE: Readonly<Partial<Record<StopReason, string>>> = {
  max_tokens: 'max_output_tokens',
  refusal: 'content_filter',
};

/** Whether a reply was cut short, and by what. */
export const toIncomplete = (stop: StopReason): string | undefined => INCOMPLETE[stop];

type Item = Record<string, unknown> & { type: string; id: string };

/** Ids of one reply's calls share a beginning, by which its history is known again; see `to-conversation.ts`. */
export const toCallId = (responseId: string, index: number): string => `call_${responseId.slice(5)}_${index}`;

/** The events of one streamed response: text and reasoning items stay open until something else comes. */
export function createResponsesStream(conversation: Conversation): ReplyStream {
  const id = toResponseId();
  const output: Item[] = [];
  let number = 0;
  let open: { item: Item; text: string } | undefined;

  function event(type: string, data: Record<string, unknown>): string {
    number += 1;
    return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number, ...data })}\n\n`;
  }
  const response = (status: string, more: Record<string, unknown> = {}) => ({
    response: { ...toResponse({ id, model: conversation.model, status, output }), ...more },
  });

  function begin(item: Item): string {
    open = { item, text: '' };
    const place = { item_id: item.id, output_index: output.length };
    const added = event('response.output_item.added', { output_index: output.length, item });
    return item.type === 'message'
      ? added + event('response.content_part.added', { ...place, content_index: 0, part: toTextPart('') })
      : added + event('response.reasoning_summary_part.added', { ...place, summary_index: 0, part: toSummaryPart('') });
  }

  function finish(): string {
    if (open === undefined) return '';
    const { item, text } = open;
    open = undefined;
    const place = { item_id: item.id, output_index: output.length };
    const isText = item.type === 'message';
    const done = isText
      ? { ...item, status: 'completed', content: [toTextPart(text)] }
      : { ...item, summary: [toSummaryPart(text)] };
    const said = isText
      ? event('response.output_text.done', { ...place, content_index: 0, text }) +
        event('response.content_part.done', { ...place, content_index: 0, part: toTextPart(text) })
      : event('response.reasoning_summary_text.done', { ...place, summary_index: 0, text }) +
        event('response.reasoning_summary_part.done', { ...place, summary_index: 0, part: toSummaryPart(text) });
    const ended = event('response.output_item.done', { output_index: output.length, item: done });
    output.push(done);
    return said + ended;
  }

  function piece(type: 'text' | 'thinking', text: string): string {
    const wanted = type === 'text' ? 'message' : 'reasoning';
    const started = open?.item.type === wanted ? '' : finish() + begin(toOpenItem(wanted));
    if (open === undefined) return started;
    open.text += text;
    const place = { item_id: open.item.id, output_index: output.length };
    return (
      started +
      (type === 'text'
        ? event('response.output_text.delta', { ...place, content_index: 0, delta: text })
        : event('response.reasoning_summary_text.delta', { ...place, summary_index: 0, delta: text }))
    );
  }

  function call(scripted: { name: string; input: Readonly<Record<string, unknown>> }): string {
    const finished = finish();
    const { text, ...carried } = toCallItem(scripted, conversation.tools);
    const isFunction = carried.type === 'function_call';
    const index = output.length;
    const item = { ...carried, id: `${isFunction ? 'fc' : 'ctc'}_${toSuffix()}`, call_id: toCallId(id, index) };
    const field = isFunction ? 'arguments' : 'input';
    const kind = isFunction ? 'response.function_call_arguments' : 'response.custom_tool_call_input';
    const place = { item_id: item.id, output_index: index };
    const added = event('response.output_item.added', {
      output_index: index,
      item: { ...item, [field]: '', status: 'in_progress' },
    });
    const deltas = cut(text).map((delta) => event(`${kind}.delta`, { ...place, delta }));
    const done = { ...item, [field]: text, status: 'completed' };
    output.push(done);
    return [
      ...[finished, added, ...deltas],
      event(`${kind}.done`, { ...place, [field]: text }),
      event('response.output_item.done', { output_index: index, item: done }),
    ].join('');
  }

  return {
    open: () =>
      event('response.created', response('in_progress')) + event('response.in_progress', response('in_progress')),
    piece,
    call,
    error: (error) => event('response.failed', response('failed', { ...toErrorBody(error) })),
    malformed: toMalformed,
    close({ stop, usage }) {
      const reason = toIncomplete(stop);
      const finished = finish();
      const counted = { usage: toUsage(usage) };
      if (reason === undefined) return finished + event('response.completed', response('completed', counted));
      return (
        finished + event('response.incomplete', response('incomplete', { ...counted, incomplete_details: { reason } }))
      );
    },
  };
}

const toTextPart = (text: string) => ({ type: 'output_text', text, annotations: [] });
const toSummaryPart = (text: string) => ({ type: 'summary_text', text });

function toOpenItem(type: 'message' | 'reasoning'): Item {
  if (type === 'message')
    return { type, id: `msg_${toSuffix()}`, role: 'assistant', status: 'in_progress', content: [] };
  return { type, id: `rs_${toSuffix()}`, summary: [], encrypted_content: 'rehearsal' };
}

function cut(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; start += PIECE) pieces.push(text.slice(start, start + PIECE));
  return pieces;
}

function toMalformed(how: Malformed): string {
  if (how === 'unknown-event')
    return 'event: response.rehearsal_surprise\ndata: {"type":"response.rehearsal_surprise"}\n\n';
  if (how === 'cut-event') return 'event: response.output_text.delta\ndata: {"type":"response.output_te';
  return 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"te\n\n';
}
