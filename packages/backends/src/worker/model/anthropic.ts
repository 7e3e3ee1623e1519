import type Anthropic from '@anthropic-ai/sdk';
import type {
  AssistantPart,
  ChatMessage,
  ModelClient,
  ModelEvent,
  ModelRequest,
  RequestUsage,
  StopReason,
  UserPart,
} from '../wire.ts';
import { findModel } from './model-list.ts';
import { ModelError, toDetail, toReason, toStreamReason } from './model-error.ts';

export interface AnthropicAccess {
  apiKey?: string | undefined;
  authToken?: string | undefined;
  baseUrl?: string | undefined;
}

const MAX_OUTPUT = 32_000;

/** Anthropic Messages. The SDK is loaded with the first request, so that starting Baton does not pay for it. */
export function createAnthropicClient(access: AnthropicAccess): ModelClient {
  return {
    async *stream(request) {
      const { default: Client } = await import('@anthropic-ai/sdk');
      const client = new Client({
        apiKey: access.apiKey ?? null,
        authToken: access.authToken ?? null,
        baseURL: access.baseUrl ?? 'https://api.anthropic.com',
        maxRetries: 0,
        // It would print answers it cannot read.
        logLevel: 'off',
      });
      try {
        const events = await client.messages.create(toBody(request), { signal: request.signal });
        yield* translate(events);
      } catch (cause) {
        request.signal.throwIfAborted();
        throw toModelError(cause, Client);
      }
    },
  };
}

function toBody(request: ModelRequest): Anthropic.MessageCreateParamsStreaming {
  return {
    model: request.model,
    max_tokens: findModel(request.model)?.maxOutput ?? MAX_OUTPUT,
    stream: true,
    system: [{ type: 'text', text: request.system, cache_control: { type: 'ephemeral' } }],
    messages: request.messages.map((message, index) => toMessage(message, index === request.messages.length - 1)),
    metadata: { user_id: request.sessionKey },
    ...(findModel(request.model)?.thinks === true
      ? { thinking: { type: 'adaptive' as const, display: 'summarized' as const } }
      : {}),
    ...toEffort(request.effort),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map(({ name, description, schema }) => ({
            name,
            description,
            input_schema: { type: 'object', ...schema },
          })),
        }),
  };
}

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

function toEffort(wanted: string | undefined): Pick<Anthropic.MessageCreateParamsStreaming, 'output_config'> {
  const effort = EFFORTS.find((known) => known === wanted);
  return effort === undefined ? {} : { output_config: { effort } };
}

// The last message is marked, so that the next request of the loop reads all before it from the cache.
const CACHE_MARK = { cache_control: { type: 'ephemeral' } } as const;

function toMessage(message: ChatMessage, isLast: boolean): Anthropic.MessageParam {
  if (message.role === 'assistant') return { role: 'assistant', content: message.parts.map(toAssistantBlock) };
  const end = message.parts.length - 1;
  const content = message.parts.map((part, index) => ({
    ...toUserBlock(part),
    ...(isLast && index === end ? CACHE_MARK : {}),
  }));
  return { role: 'user', content };
}

function toUserBlock(
  part: UserPart,
): Anthropic.TextBlockParam | Anthropic.ImageBlockParam | Anthropic.ToolResultBlockParam {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'image') return toImageBlock(part);
  return {
    type: 'tool_result',
    tool_use_id: part.callId,
    is_error: part.isError,
    content: [{ type: 'text', text: part.text === '' ? '(nothing)' : part.text }, ...part.images.map(toImageBlock)],
  };
}

function toImageBlock({ mediaType, data }: Extract<UserPart, { type: 'image' }>): Anthropic.ImageBlockParam {
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
}

function toAssistantBlock(part: AssistantPart): Anthropic.ContentBlockParam {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'thinking') return { type: 'thinking', thinking: part.text, signature: part.signature };
  return { type: 'tool_use', id: part.id, name: part.name, input: part.input };
}

const NO_USAGE: RequestUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

async function* translate(events: AsyncIterable<Anthropic.RawMessageStreamEvent>): AsyncGenerator<ModelEvent> {
  let usage = NO_USAGE;
  let stop: string | null = null;
  let isDone = false;
  const calls = new Map<number, { name: string; json: string }>();
  for await (const event of events) {
    switch (event.type) {
      case 'message_start':
        usage = toUsage(usage, event.message.usage);
        yield { type: 'alive' };
        break;
      case 'content_block_start':
        if (event.content_block.type === 'tool_use')
          calls.set(event.index, { name: event.content_block.name, json: '' });
        yield { type: 'alive' };
        break;
      case 'content_block_delta':
        yield toDelta(event, calls);
        break;
      case 'content_block_stop': {
        const call = calls.get(event.index);
        calls.delete(event.index);
        yield call === undefined ? { type: 'alive' } : { type: 'call', ...call };
        break;
      }
      case 'message_delta':
        usage = toUsage(usage, event.usage);
        stop = event.delta.stop_reason;
        yield { type: 'alive' };
        break;
      case 'message_stop':
        isDone = true;
        break;
      default:
        yield { type: 'alive' };
    }
  }
  if (!isDone) throw new ModelError('malformed', { detail: 'the answer ended in the middle' });
  yield { type: 'end', stop: toStop(stop), usage };
}

function toDelta(
  { delta, index }: Anthropic.RawContentBlockDeltaEvent,
  calls: Map<number, { name: string; json: string }>,
): ModelEvent {
  switch (delta.type) {
    case 'text_delta':
      return { type: 'text', text: delta.text };
    case 'thinking_delta':
      return { type: 'thinking', text: delta.thinking };
    case 'signature_delta':
      return { type: 'signature', signature: delta.signature };
    case 'input_json_delta': {
      const call = calls.get(index);
      if (call !== undefined) call.json += delta.partial_json;
      return { type: 'alive' };
    }
    default:
      return { type: 'alive' };
  }
}

type ApiUsage = Pick<
  Anthropic.MessageDeltaUsage,
  'input_tokens' | 'output_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens'
>;

function toUsage(before: RequestUsage, usage: ApiUsage | Anthropic.Usage): RequestUsage {
  return {
    input: usage.input_tokens ?? before.input,
    output: usage.output_tokens,
    cacheRead: usage.cache_read_input_tokens ?? before.cacheRead,
    cacheWrite: usage.cache_creation_input_tokens ?? before.cacheWrite,
  };
}

function toStop(stop: string | null): StopReason {
  if (stop === 'tool_use') return 'calls';
  if (stop === 'max_tokens' || stop === 'model_context_window_exceeded') return 'length';
  return stop === 'refusal' ? 'refusal' : 'end';
}

function toModelError(cause: unknown, Client: typeof Anthropic): ModelError {
  if (cause instanceof ModelError) return cause;
  if (!(cause instanceof Client.APIError)) {
    const detail = toDetail(cause instanceof Error ? cause.message : String(cause));
    return new ModelError(isConnectionLoss(cause) ? 'unreachable' : 'malformed', { detail, cause });
  }
  if (cause instanceof Client.APIConnectionError)
    return new ModelError('unreachable', { detail: toDetail(toRootMessage(cause)), cause });
  const { type = '', message } = toErrorObject(cause.error);
  const detail = toDetail(message ?? cause.message);
  const status: number | undefined = cause.status;
  const reason = status === undefined ? toStreamReason(type, detail) : toReason(status, detail);
  return new ModelError(reason, { detail, status, retryAfter: toSeconds(cause.headers?.get('retry-after')), cause });
}

/** A socket that was cut while the answer came. */
export function isConnectionLoss(cause: unknown): boolean {
  return (
    cause instanceof TypeError ||
    (cause instanceof Error && /terminated|ECONNRESET|socket|premature close/i.test(toRootMessage(cause)))
  );
}

/** The innermost message: "connect ECONNREFUSED 127.0.0.1:9" says more than "Connection error." */
export function toRootMessage(error: Error): string {
  return error.cause instanceof Error ? toRootMessage(error.cause) : error.message;
}

export function toSeconds(header: string | null | undefined): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}

function toErrorObject(body: unknown): { type?: string; message?: string } {
  const outer = typeof body === 'object' && body !== null && 'error' in body ? body.error : body;
  if (typeof outer !== 'object' || outer === null) return {};
  return {
    ...('type' in outer && typeof outer.type === 'string' ? { type: outer.type } : {}),
    ...('message' in outer && typeof outer.message === 'string' ? { message: outer.message } : {}),
  };
}
