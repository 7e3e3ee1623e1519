import type OpenAI from 'openai';
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
import { isConnectionLoss, toRootMessage, toSeconds } from './anthropic.ts';
import { ModelError, toDetail, toReason, toStreamReason } from './model-error.ts';

export interface OpenaiAccess {
  apiKey: string;
  baseUrl?: string | undefined;
}

/** OpenAI Chat Completions, or anything that speaks it. The SDK is loaded with the first request. */
export function createOpenaiClient(access: OpenaiAccess): ModelClient {
  return {
    async *stream(request) {
      const { default: Client } = await import('openai');
      const client = new Client({
        apiKey: access.apiKey,
        baseURL: access.baseUrl ?? 'https://api.openai.com/v1',
        organization: null,
        project: null,
        maxRetries: 0,
        // It would print answers it cannot read.
        logLevel: 'off',
      });
      try {
        const chunks = await client.chat.completions.create(toBody(request), { signal: request.signal });
        yield* translate(chunks);
      } catch (cause) {
        request.signal.throwIfAborted();
        throw toModelError(cause, Client);
      }
    },
  };
}

function toBody(request: ModelRequest): OpenAI.ChatCompletionCreateParamsStreaming {
  return {
    model: request.model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'system', content: request.system }, ...request.messages.flatMap(toMessages)],
    ...toEffort(request.effort),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map(({ name, description, schema }) => ({
            type: 'function' as const,
            function: { name, description, parameters: { type: 'object', ...schema } },
          })),
        }),
  };
}

const EFFORTS = ['none', 'low', 'medium', 'high', 'xhigh'] as const;

function toEffort(wanted: string | undefined): Pick<OpenAI.ChatCompletionCreateParamsStreaming, 'reasoning_effort'> {
  const effort = EFFORTS.find((known) => known === wanted);
  return effort === undefined ? {} : { reasoning_effort: effort };
}

function toMessages(message: ChatMessage): OpenAI.ChatCompletionMessageParam[] {
  if (message.role === 'assistant') return [toAssistant(message.parts)];
  const results = message.parts.flatMap((part) => (part.type === 'result' ? [part] : []));
  const said = message.parts.flatMap((part) => (part.type === 'result' ? part.images : [part]));
  return [
    ...results.map((part) => ({
      role: 'tool' as const,
      tool_call_id: part.callId,
      // The API has no mark for a failed call; a word at the beginning is what models know.
      content: part.isError ? `Error: ${part.text}` : part.text,
    })),
    // Tool messages hold no images: they follow as words of the user.
    ...(said.length === 0 ? [] : [{ role: 'user' as const, content: said.map(toPart) }]),
  ];
}

function toPart(part: Exclude<UserPart, { type: 'result' }>): OpenAI.ChatCompletionContentPart {
  if (part.type === 'text') return { type: 'text', text: part.text };
  return { type: 'image_url', image_url: { url: `data:${part.mediaType};base64,${part.data}` } };
}

function toAssistant(parts: readonly AssistantPart[]): OpenAI.ChatCompletionAssistantMessageParam {
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const calls = parts.flatMap((part) =>
    part.type === 'call'
      ? [
          {
            id: part.id,
            type: 'function' as const,
            function: { name: part.name, arguments: JSON.stringify(part.input) },
          },
        ]
      : [],
  );
  return { role: 'assistant', content: text === '' ? null : text, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}

async function* translate(chunks: AsyncIterable<OpenAI.ChatCompletionChunk>): AsyncGenerator<ModelEvent> {
  let usage: RequestUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  let finish: string | null = null;
  const calls = new Map<number, { name: string; json: string }>();
  for await (const chunk of chunks) {
    if (chunk.usage != null) usage = toUsage(chunk.usage);
    const choice = chunk.choices?.[0];
    finish = choice?.finish_reason ?? finish;
    yield* toEvents(choice?.delta, calls);
  }
  if (finish === null) throw new ModelError('malformed', { detail: 'the answer ended in the middle' });
  for (const call of calls.values()) yield { type: 'call', ...call };
  yield { type: 'end', stop: toStop(finish, calls.size), usage };
}

function* toEvents(
  delta: OpenAI.ChatCompletionChunk.Choice.Delta | undefined,
  calls: Map<number, { name: string; json: string }>,
): Generator<ModelEvent> {
  yield { type: 'alive' };
  yield { type: 'thinking', text: toThinking(delta) };
  yield { type: 'text', text: delta?.content ?? '' };
  for (const part of delta?.tool_calls ?? []) {
    const call = calls.get(part.index) ?? { name: '', json: '' };
    calls.set(part.index, {
      name: call.name + (part.function?.name ?? ''),
      json: call.json + (part.function?.arguments ?? ''),
    });
  }
}

// Not in the API's own shapes; compatible servers use one of these two names.
function toThinking(delta: object | undefined): string {
  if (delta === undefined) return '';
  if ('reasoning_content' in delta && typeof delta.reasoning_content === 'string') return delta.reasoning_content;
  return 'reasoning' in delta && typeof delta.reasoning === 'string' ? delta.reasoning : '';
}

function toUsage(usage: OpenAI.CompletionUsage): RequestUsage {
  const cacheRead = usage.prompt_tokens_details?.cached_tokens ?? 0;
  return { input: usage.prompt_tokens - cacheRead, output: usage.completion_tokens, cacheRead, cacheWrite: 0 };
}

function toStop(finish: string, calls: number): StopReason {
  if (finish === 'length') return 'length';
  if (finish === 'content_filter') return 'refusal';
  return calls > 0 ? 'calls' : 'end';
}

function toModelError(cause: unknown, Client: typeof OpenAI): ModelError {
  if (cause instanceof ModelError) return cause;
  if (!(cause instanceof Client.APIError)) {
    const detail = toDetail(cause instanceof Error ? cause.message : String(cause));
    return new ModelError(isConnectionLoss(cause) ? 'unreachable' : 'malformed', { detail, cause });
  }
  if (cause instanceof Client.APIConnectionError)
    return new ModelError('unreachable', { detail: toDetail(toRootMessage(cause)), cause });
  const detail = toDetail(cause.message.replace(/^\d{3} /, ''));
  const status: number | undefined = cause.status;
  const reason = status === undefined ? toStreamReason(cause.type ?? '', detail) : toReason(status, detail);
  return new ModelError(reason, { detail, status, retryAfter: toSeconds(cause.headers?.get('retry-after')), cause });
}
