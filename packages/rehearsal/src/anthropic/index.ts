import type { ApiAnswer, ApiRequest, ModelApi } from '../serve/model-api.ts';
import { createAnthropicStream } from './stream.ts';
import { toConversation } from './to-conversation.ts';
import { toErrorBody } from './to-error-body.ts';
import { toWhole } from './to-whole.ts';

const MODELS = ['claude-opus-5-5', 'claude-sonnet-5', 'claude-haiku-5'];

const toModel = (id: string) => ({
  type: 'model',
  id,
  display_name: `Rehearsal (${id})`,
  created_at: '2026-01-01T00:00:00Z',
});

function answer({ method, path, body }: ApiRequest): ApiAnswer | undefined {
  if (method === 'HEAD' && path === '/') return { status: 200, body: {} };
  if (path === '/v1/messages/count_tokens') {
    return { status: 200, body: { input_tokens: Math.ceil(JSON.stringify(body ?? '').length / 4) } };
  }
  if (method !== 'GET' || !path.startsWith('/v1/models')) return undefined;
  const id = path.slice('/v1/models/'.length);
  if (id !== '') return { status: 200, body: toModel(decodeURIComponent(id)) };
  const data = MODELS.map(toModel);
  return { status: 200, body: { object: 'list', data, has_more: false, first_id: MODELS[0], last_id: MODELS.at(-1) } };
}

/** Anthropic Messages. */
export function createAnthropicApi(): ModelApi {
  return {
    id: 'anthropic',
    answer,
    toConversation: (request) =>
      request.method === 'POST' && request.path === '/v1/messages' ? toConversation(request) : undefined,
    createStream: createAnthropicStream,
    toWhole,
    toError: (error) => ({
      status: error.status,
      headers: error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) },
      body: toErrorBody(error),
    }),
  };
}
