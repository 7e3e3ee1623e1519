import type { ServerResponse } from 'node:http';
import type { Conversation } from '../play/conversation.ts';
import type { Performance } from '../play/player.ts';
import type { ApiRequest } from './model-api.ts';

/** What came in and what was played to it. Credentials are not kept, only whether there were any. */
export interface RecordedRequest {
  at: number;
  api: string;
  method: string;
  path: string;
  /** `other` for lists of models, counts of tokens and what is not served at all. */
  kind: 'main' | 'side' | 'other';
  hasCredentials: boolean;
  userAgent: string;
  model?: string;
  stream?: boolean;
  scenario?: string;
  prompt?: string;
  /** 0 for the first prompt of the conversation. */
  turn?: number;
  /** Replies the prompt had before this one. */
  round?: number;
  tools: readonly string[];
  images: number;
  /** Kept for the last hundred requests. */
  body: unknown;
  /** 0 until it is over. */
  status: number;
  /** The client went away before the end. */
  aborted: boolean;
}

interface Entry {
  request: ApiRequest;
  api: string;
  response: ServerResponse;
  conversation?: Conversation;
  performance?: Performance;
}

const KEPT = 1000;
// Bodies hold whole conversations: only the last ones are worth their memory.
const KEPT_BODIES = 100;

/** Keeps the last requests and tells of each when it is over. */
export function createRequestLog(onEnd?: (request: RecordedRequest) => void) {
  const requests: RecordedRequest[] = [];

  function add(entry: Entry): void {
    const recorded = toRecorded(entry);
    requests.push(recorded);
    if (requests.length > KEPT) requests.shift();
    const old = requests.at(-1 - KEPT_BODIES);
    if (old !== undefined) old.body = undefined;
    entry.response.once('close', () => {
      recorded.status = entry.response.headersSent ? entry.response.statusCode : 0;
      recorded.aborted = !entry.response.writableFinished;
      onEnd?.(recorded);
    });
  }

  return {
    add,
    list: (): readonly RecordedRequest[] => [...requests],
    clear: (): void => void requests.splice(0),
  };
}

function toRecorded({ request, api, conversation, performance }: Entry): RecordedRequest {
  const { headers } = request;
  return {
    at: Date.now(),
    api,
    method: request.method,
    path: request.path,
    kind: performance?.kind ?? 'other',
    hasCredentials: ['x-api-key', 'x-goog-api-key', 'authorization'].some((name) => headers[name] !== undefined),
    userAgent: headers['user-agent'] ?? '',
    ...(conversation === undefined ? {} : { model: conversation.model, stream: conversation.stream }),
    ...(performance === undefined
      ? {}
      : {
          scenario: performance.scenario,
          prompt: performance.prompt,
          turn: performance.turn,
          round: performance.round,
        }),
    tools: conversation?.tools.map((tool) => tool.name) ?? [],
    images:
      conversation?.messages.reduce((sum, message) => sum + (message.role === 'user' ? message.images.length : 0), 0) ??
      0,
    body: request.body,
    status: 0,
    aborted: false,
  };
}
