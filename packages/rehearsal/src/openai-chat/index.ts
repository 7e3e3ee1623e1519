import type { ScriptedError } from '../scenario/step.ts';
import type { ApiAnswer, ApiRequest, ModelApi } from '../serve/model-api.ts';
import { createChatStream } from './stream.ts';
import { toConversation } from './to-conversation.ts';
import { toErrorBody } from './to-error-body.ts';
import { toWhole } from './to-whole.ts';

const PATH = /^(\/v1)?\/chat\/completions$/;

/** OpenAI Chat Completions. `/v1/models` is answered by the Anthropic side in a form that both clients read. */
export function createOpenaiChatApi(): ModelApi {
  return {
    id: 'openai-chat',
    answer: ({ method, path }: ApiRequest): ApiAnswer | undefined =>
      method === 'GET' && path === '/models'
        ? {
            status: 200,
            body: {
              object: 'list',
              data: [{ id: 'gpt-rehearsal', object: 'model', created: 0, owned_by: 'rehearsal' }],
            },
          }
        : undefined,
    toConversation: (request) =>
      request.method === 'POST' && PATH.test(request.path) ? toConversation(request) : undefined,
    createStream: createChatStream,
    toWhole,
    toError: (error: ScriptedError): ApiAnswer => ({
      status: error.status,
      headers: error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) },
      body: toErrorBody(error),
    }),
  };
}
