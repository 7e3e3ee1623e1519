import type { IncomingHttpHeaders } from 'node:http';
import type { Conversation } from '../play/conversation.ts';
import type { ReplyUsage, StopReason, Reply } from '../play/reply.ts';
import type { Malformed, ScriptedError } from '../scenario/step.ts';

/** A request as it came in, its body read. */
export interface ApiRequest {
  method: string;
  /** Without the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** An answer that is known at once. */
export interface ApiAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: unknown;
}

/** Writes one streamed reply, event by event, in the words of an API. */
export interface ReplyStream {
  /** What comes before any content. */
  open(): string;
  piece(type: 'text' | 'thinking', text: string): string;
  call(call: { id: string; name: string; input: Readonly<Record<string, unknown>> }): string;
  /** An error after the headers are out. */
  error(error: ScriptedError): string;
  malformed(how: Malformed): string;
  close(end: { stop: StopReason; usage: ReplyUsage }): string;
}

/**
 * One model API, a folder each. Everything in it is about shapes; what is said, and when, is decided elsewhere.
 */
export interface ModelApi {
  readonly id: string;
  /** The conversation of a request for a reply; undefined when the request is something else. */
  toConversation(request: ApiRequest): Conversation | { invalid: string } | undefined;
  /** Requests that ask for no reply: lists of models, counts of tokens. */
  answer(request: ApiRequest): ApiAnswer | undefined;
  createStream(conversation: Conversation, usage: ReplyUsage): ReplyStream;
  /** The whole reply of a request that does not stream. */
  toWhole(reply: Reply, conversation: Conversation): unknown;
  toError(error: ScriptedError): ApiAnswer;
}
