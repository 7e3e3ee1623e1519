import type { ScriptedError } from '../scenario/step.ts';
import type { ApiAnswer, ModelApi } from '../serve/model-api.ts';
import { createResponsesStream } from './stream.ts';
import { toConversation } from './to-conversation.ts';
import { toErrorBody } from './to-error-body.ts';
import { toWhole } from './to-whole.ts';

const PATH = /^(\/v1)?\/responses$/;

/** OpenAI Responses, as Codex speaks it. `/v1/models` is answered by the Anthropic side in a form that all clients read. */
export function createOpenaiResponsesApi(): ModelApi {
  return {
    id: 'openai-responses',
    answer: () => undefined,
    toConversation: (request) =>
      request.method === 'POST' && PATH.test(request.path) ? toConversation(request) : undefined,
    createStream: createResponsesStream,
    toWhole,
    toError: (error: ScriptedError): ApiAnswer => ({
      status: error.status,
      headers: error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) },
      body: toErrorBody(error),
    }),
  };
}
