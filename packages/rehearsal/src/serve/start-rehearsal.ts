import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, parseJson } from '@baton/protocol';
import { createAnthropicApi } from '../anthropic/index.ts';
import { createGeminiApi } from '../gemini/index.ts';
import { createOpenaiChatApi } from '../openai-chat/index.ts';
import { createOpenaiResponsesApi } from '../openai-responses/index.ts';
import type { Conversation } from '../play/conversation.ts';
import { createPlayer, type Player } from '../play/player.ts';
import { loadRepertoire } from '../scenario/load-repertoire.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ApiRequest, ModelApi } from './model-api.ts';
import { perform, sendAnswer } from './perform.ts';
import { createRequestLog, type RecordedRequest } from './request-log.ts';

export interface RehearsalOptions {
  /** A scenario, the name of a built-in one, or the path of a file. Prompts may ask for others with `[scene name]`. */
  scenario: Scenario | string;
  /** Default: any free port. */
  port?: number;
  /** Hears of every request when it is over. */
  log?: (request: RecordedRequest) => void;
  /** The folder with the built-in scenarios, for programs that are bundled into one file. */
  folder?: string;
}

export interface Rehearsal {
  /** `http://127.0.0.1:port`, without `/v1`: as `ANTHROPIC_BASE_URL` wants it. OpenAI clients want `url + "/v1"`. */
  url: string;
  /** Any key is accepted; this one is made to be recognised. */
  apiKey: string;
  /** The last thousand requests, oldest first. */
  requests(): readonly RecordedRequest[];
  /** Plays another scenario from the next request on, and forgets the requests so far. What is being said is said to its end. */
  change(scenario: Scenario | string): Promise<void>;
  /** Cuts what is open and frees the port. Idempotent. */
  close(): Promise<void>;
}

export const REHEARSAL_KEY = 'rehearsal-key';
const MAX_BODY = 64 * 1024 * 1024;

/** Starts a scripted model on loopback that speaks Anthropic Messages, OpenAI Chat Completions and Responses, and Google's API. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const load = (scenario: Scenario | string) => loadRepertoire(scenario, { folder: options.folder });
  const log = createRequestLog(options.log);
  const closing = new AbortController();
  const serving: Serving = {
    apis: [createAnthropicApi(), createOpenaiChatApi(), createOpenaiResponsesApi(), createGeminiApi()],
    player: createPlayer(await load(options.scenario)),
    log,
    closing,
  };
  const server = createServer((request, response) => void serve(serving, request, response));
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;

  return {
    url: `http://127.0.0.1:${port}`,
    apiKey: REHEARSAL_KEY,
    requests: log.list,
    change: async (scenario) => {
      serving.player = createPlayer(await load(scenario));
      log.clear();
    },
    close: () => (closed ??= close(server, closing)),
  };
}

interface Serving {
  apis: readonly ModelApi[];
  player: Player;
  log: ReturnType<typeof createRequestLog>;
  closing: AbortController;
}

async function serve(serving: Serving, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('The client went away')));
  // A socket error is followed by close, which is where it is handled.
  response.on('error', () => gone.abort());
  try {
    const request = await readRequest(incoming);
    await route(serving, { request, response, signal: AbortSignal.any([gone.signal, serving.closing.signal]) });
  } catch (cause) {
    if (!response.headersSent && !response.destroyed) {
      sendAnswer(response, {
        status: 500,
        body: { error: { message: cause instanceof Error ? cause.message : String(cause) } },
      });
    } else response.destroy();
  }
}

interface Exchange {
  request: ApiRequest;
  response: ServerResponse;
  /** Aborted when the client is gone or the server closes. */
  signal: AbortSignal;
}

async function route(serving: Serving, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  for (const api of serving.apis) {
    const answer = api.answer(request);
    if (answer !== undefined) {
      serving.log.add({ request, api: api.id, response });
      return sendAnswer(response, answer);
    }
    const conversation = api.toConversation(request);
    if (conversation !== undefined) return reply(serving, exchange, { api, conversation });
  }
  serving.log.add({ request, api: 'none', response });
  const message = `The rehearsal has no ${request.method} ${request.path}`;
  sendAnswer(response, { status: 404, body: { type: 'error', error: { type: 'not_found_error', message } } });
}

async function reply(
  serving: Serving,
  { request, response, signal }: Exchange,
  { api, conversation }: { api: ModelApi; conversation: Conversation | { invalid: string } },
): Promise<void> {
  if ('invalid' in conversation) {
    serving.log.add({ request, api: api.id, response });
    return sendAnswer(response, api.toError({ status: 400, message: conversation.invalid }));
  }
  const performance = serving.player.play(conversation);
  serving.log.add({ request, api: api.id, response, conversation, performance });
  await perform({ api, conversation, reply: performance.reply, response, signal });
}

async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new AppError('payload-too-large', `The rehearsal takes at most ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  const parsed = parseJson(Buffer.concat(chunks).toString('utf8') || '{}');
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    headers: incoming.headers,
    body: parsed.ok ? parsed.value : undefined,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new AppError('internal', `Cannot start the rehearsal on port ${port}: ${cause.message}`, {}, { cause })),
    );
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function close(server: Server, closing: AbortController): Promise<void> {
  closing.abort(new Error('The rehearsal is closing'));
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
