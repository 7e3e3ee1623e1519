import { randomUUID } from 'node:crypto';
import type { Conversation } from '../play/conversation.ts';
import type { ReplyUsage, StopReason } from '../play/reply.ts';
import type { Malformed } from '../scenario/step.ts';
import type { ReplyStream } from '../serve/model-api.ts';
import { toErrorBody } from './to-error-body.ts';

/** What the API signs its thoughts and calls with; a client has to send it back. */
export const SIGNATURE = Buffer.from('rehearsal').toString('base64');

export function toUsage(usage: ReplyUsage): Record<string, number> {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: usage.output,
    cachedContentTokenCount: usage.cacheRead,
    totalTokenCount: prompt + usage.output,
  };
}

export function toFinishReason(stop: StopReason): string {
  if (stop === 'max_tokens') return 'MAX_TOKENS';
  return stop === 'refusal' ? 'SAFETY' : 'STOP';
}

export const toResponseId = (): string => `resp_${randomUUID().replaceAll('-', '').slice(0, 20)}`;

export function toCallPart(call: { id: string; name: string; input: Readonly<Record<string, unknown>> }): unknown {
  return { functionCall: { id: call.id, name: call.name, args: call.input }, thoughtSignature: SIGNATURE };
}

// As the real API does: clients that read lines take these two for line ends.
const toJson = (data: unknown): string =>
  JSON.stringify(data).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const event = (data: unknown): string => `data: ${toJson(data)}\r\n\r\n`;

/** The events of one streamed reply; each is a whole response with a piece of its content. */
export function createGeminiStream({ model }: Conversation, usage: ReplyUsage): ReplyStream {
  const place = { modelVersion: model, responseId: toResponseId() };
  const chunk = (parts: readonly unknown[], more: Record<string, unknown> = {}): string =>
    event({ candidates: [{ content: { role: 'model', parts }, index: 0, ...more }], ...place });

  let thought = '';

  // The API tells a thought whole, headed by a subject.
  function tellThought(): string {
    const text = thought;
    thought = '';
    return text === '' ? '' : chunk([{ text: toThought(text), thought: true }]);
  }

  return {
    // Nothing comes before the content.
    open: () => '',
    piece(type, text) {
      if (type === 'text') return tellThought() + chunk([{ text }]);
      thought += text;
      return '';
    },
    call: (call) => tellThought() + chunk([toCallPart(call)]),
    error: (error) => tellThought() + event(toErrorBody(error)),
    malformed: (how) => tellThought() + toMalformed(how),
    close: ({ stop }) =>
      tellThought() +
      event({
        candidates: [{ content: { role: 'model', parts: [] }, index: 0, finishReason: toFinishReason(stop) }],
        usageMetadata: toUsage(usage),
        ...place,
      }),
  };
}

export const toThought = (text: string): string => `**A scripted thought**\n${text}`;

function toMalformed(how: Malformed): string {
  if (how === 'unknown-event') return event({ rehearsalSurprise: 'a response from a newer API' });
  if (how === 'cut-event') return 'data: {"candidates":[{"content":{"role":"model","par';
  return 'data: {"candidates":[{"content":{"role":"mod\r\n\r\n';
}
