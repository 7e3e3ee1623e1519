/** The conversation as every model API tells it, in words of none. */
export type ChatMessage = UserMessage | AssistantMessage;

export interface UserMessage {
  role: 'user';
  parts: UserPart[];
}

export interface AssistantMessage {
  role: 'assistant';
  parts: AssistantPart[];
}

export interface ImageContent {
  type: 'image';
  mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  data: string;
}

export type UserPart = { type: 'text'; text: string } | ImageContent | CallResult;

export interface CallResult {
  type: 'result';
  callId: string;
  text: string;
  images: ImageContent[];
  isError: boolean;
}

export type AssistantPart =
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string; signature: string }
  | { type: 'call'; id: string; name: string; input: unknown };

/** A tool as it is offered to the model. */
export interface ToolOffer {
  name: string;
  description: string;
  /** JSON Schema of the input. */
  schema: Record<string, unknown>;
}

/** Tokens of one request, as the provider counted them. */
export interface RequestUsage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

export type StopReason = 'end' | 'calls' | 'length' | 'refusal';

/** What a model's stream says, in order. Any event, `alive` too, is a sign of life. */
export type ModelEvent =
  | { type: 'alive' }
  | { type: 'text' | 'thinking'; text: string }
  /** The thinking so far is complete; the signature must be sent back with it. */
  | { type: 'signature'; signature: string }
  | { type: 'call'; name: string; json: string }
  | { type: 'end'; stop: StopReason; usage: RequestUsage };

export interface ModelRequest {
  model: string;
  system: string;
  messages: readonly ChatMessage[];
  tools: readonly ToolOffer[];
  /** One of the model's own words; absent: as hard as it does by itself. */
  effort?: string | undefined;
  /** Names the conversation, so that a provider can keep its cache warm. */
  sessionKey: string;
  signal: AbortSignal;
}

/**
 * One model API. `stream` throws a `ModelError` when the provider refuses or breaks, and whatever the signal was
 * aborted with when it was aborted.
 */
export interface ModelClient {
  stream(request: ModelRequest): AsyncIterable<ModelEvent>;
}
