import type { ApiAnswer, ApiRequest, ModelApi } from '../serve/model-api.ts';
import { createGeminiStream } from './stream.ts';
import { toConversation } from './to-conversation.ts';
import { toErrorAnswer } from './to-error-body.ts';
import { toWhole } from './to-whole.ts';

const MODELS = ['gemini-3-pro', 'gemini-3-flash', 'gemini-2.5-pro'];
const REPLY = /^\/v1(?:beta|alpha)?\/models\/([^/:]+):(streamGenerateContent|generateContent)$/;
const COUNT = /^\/v1(?:beta|alpha)?\/models\/[^/:]+:countTokens$/;
const LIST = /^\/v1(?:beta|alpha)\/models\/?$/;

const toModel = (id: string) => ({
  name: `models/${id}`,
  displayName: `Rehearsal (${id})`,
  inputTokenLimit: 1_048_576,
  outputTokenLimit: 65_536,
  supportedGenerationMethods: ['generateContent', 'countTokens'],
});

function answer({ method, path, body }: ApiRequest): ApiAnswer | undefined {
  if (method === 'POST' && COUNT.test(path))
    return { status: 200, body: { totalTokens: Math.ceil(JSON.stringify(body ?? '').length / 4) } };
  if (method === 'GET' && LIST.test(path)) return { status: 200, body: { models: MODELS.map(toModel) } };
  return undefined;
}

/** Google's Generative Language API, as Gemini CLI speaks it with a key. */
export function createGeminiApi(): ModelApi {
  return {
    id: 'gemini',
    answer,
    toConversation(request) {
      const [, model, operation] = REPLY.exec(request.path) ?? [];
      if (request.method !== 'POST' || model === undefined) return undefined;
      const isStream = operation === 'streamGenerateContent';
      return toConversation(request, { model: decodeURIComponent(model), isStream });
    },
    createStream: createGeminiStream,
    toWhole,
    toError: toErrorAnswer,
  };
}
