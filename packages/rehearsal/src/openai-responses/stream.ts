import { randomUUID } from 'node:crypto';
import type { Conversation } from '../play/conversation.ts';
import type { ReplyUsage, StopReason } from '../play/reply.ts';
import type { Malformed } from '../scenario/step.ts';
import type { ReplyStream } from '../serve/model-api.ts';
import { type CallItem, toCallItem } from './to-call-item.ts';
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

/** What has been written of a response: its events are numbered, and its items are held for the last of them. */
class Writing {
  readonly id = toResponseId();
  readonly output: Item[] = [];
  readonly #model: string;
  #number = 0;
  #open: { item: Item; text: string } | undefined;

  constructor(model: string) {
    this.#model = model;
  }

  event(type: string, data: Readonly<Record<string, unknown>>): string {
    this.#number += 1;
    return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: this.#number, ...data })}\n\n`;
  }

  /** An event about the response as a whole. */
  whole(type: string, status: string, more: Readonly<Record<string, unknown>> = {}): string {
    const response = toResponse({ id: this.id, model: this.#model, status, output: this.output });
    return this.event(type, { response: { ...response, ...more } });
  }

  /** More of a text; the item it belongs to is begun when another, or none, is open. */
  extend(type: 'message' | 'reasoning', delta: string): string {
    const started = this.#open?.item.type === type ? '' : this.finish() + this.#begin(toOpenItem(type));
    if (this.#open === undefined) return started;
    this.#open.text += delta;
    return started + this.event(KINDS[type].delta, { ...this.#place(this.#open.item), ...KINDS[type].index, delta });
  }

  #begin(item: Item & { type: 'message' | 'reasoning' }): string {
    this.#open = { item, text: '' };
    const { added, index, part } = KINDS[item.type];
    return (
      this.event('response.output_item.added', { output_index: this.output.length, item }) +
      this.event(added, { ...this.#place(item), ...index, part: part('') })
    );
  }

  /** Ends the open item, if there is one. */
  finish(): string {
    if (this.#open === undefined) return '';
    const { item, text } = this.#open;
    this.#open = undefined;
    const isText = item.type === 'message';
    const { done, ended, index, part } = KINDS[isText ? 'message' : 'reasoning'];
    const whole = isText ? { ...item, status: 'completed', content: [part(text)] } : { ...item, summary: [part(text)] };
    const place = { ...this.#place(item), ...index };
    return this.event(done, { ...place, text }) + this.event(ended, { ...place, part: part(text) }) + this.add(whole);
  }

  /** An item that is whole. */
  add(item: Item): string {
    const event = this.event('response.output_item.done', { output_index: this.output.length, item });
    this.output.push(item);
    return event;
  }

  #place(item: Item): { item_id: string; output_index: number } {
    return { item_id: item.id, output_index: this.output.length };
  }
}

const KINDS = {
  message: {
    added: 'response.content_part.added',
    delta: 'response.output_text.delta',
    done: 'response.output_text.done',
    ended: 'response.content_part.done',
    index: { content_index: 0 },
    part: (text: string) => ({ type: 'output_text', text, annotations: [] }),
  },
  reasoning: {
    added: 'response.reasoning_summary_part.added',
    delta: 'response.reasoning_summary_text.delta',
    done: 'response.reasoning_summary_text.done',
    ended: 'response.reasoning_summary_part.done',
    index: { summary_index: 0 },
    part: (text: string) => ({ type: 'summary_text', text }),
  },
} as const;

/** The events of one streamed response: text and reasoning items stay open until something else comes. */
export function createResponsesStream(conversation: Conversation): ReplyStream {
  const writing = new Writing(conversation.model);
  return {
    open: () => writing.whole('response.created', 'in_progress') + writing.whole('response.in_progress', 'in_progress'),
    piece: (type, text) => writing.extend(type === 'text' ? 'message' : 'reasoning', text),
    call: (scripted) => writing.finish() + writeCall(writing, toCallItem(scripted, conversation.tools)),
    error: (error) => writing.whole('response.failed', 'failed', { ...toErrorBody(error) }),
    malformed: toMalformed,
    close({ stop, usage }) {
      const reason = toIncomplete(stop);
      const finished = writing.finish();
      const counted = { usage: toUsage(usage) };
      if (reason === undefined) return finished + writing.whole('response.completed', 'completed', counted);
      const cut = { ...counted, incomplete_details: { reason } };
      return finished + writing.whole('response.incomplete', 'incomplete', cut);
    },
  };
}

function writeCall(writing: Writing, { text, ...carried }: CallItem): string {
  const isFunction = carried.type === 'function_call';
  const index = writing.output.length;
  const id = `${isFunction ? 'fc' : 'ctc'}_${toSuffix()}`;
  const item = { ...carried, id, call_id: toCallId(writing.id, index) };
  const field = isFunction ? 'arguments' : 'input';
  const kind = isFunction ? 'response.function_call_arguments' : 'response.custom_tool_call_input';
  const place = { item_id: id, output_index: index };
  return [
    writing.event('response.output_item.added', {
      output_index: index,
      item: { ...item, [field]: '', status: 'in_progress' },
    }),
    ...cut(text).map((delta) => writing.event(`${kind}.delta`, { ...place, delta })),
    writing.event(`${kind}.done`, { ...place, [field]: text }),
    writing.add({ ...item, [field]: text, status: 'completed' }),
  ].join('');
}

function toOpenItem(type: 'message' | 'reasoning'): Item & { type: 'message' | 'reasoning' } {
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
