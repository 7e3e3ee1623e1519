import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Conversation } from '../play/conversation.ts';
import type { Beat, Reply } from '../play/reply.ts';
import type { Malformed } from '../scenario/step.ts';
import type { ApiAnswer, ModelApi, ReplyStream } from './model-api.ts';

export interface Performing {
  api: ModelApi;
  conversation: Conversation;
  reply: Reply;
  response: ServerResponse;
  /** Aborted when the client goes away or the server closes. */
  signal: AbortSignal;
}

type Outcome = 'done' | 'going-on';

/** Plays a reply to a client: beat by beat when it streams, else all at once after the waits. */
export async function perform(performing: Performing): Promise<void> {
  const { response, conversation, signal } = performing;
  try {
    if (conversation.stream) await performStream(performing);
    else await performWhole(performing);
  } catch (cause) {
    // The client hung up: there is nobody left to answer.
    if (!signal.aborted) throw cause;
    response.destroy();
  }
}

/** Answers at once, as JSON. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_rehearsal', ...headers });
  response.end(JSON.stringify(body));
}

async function performStream(performing: Performing): Promise<void> {
  const { api, conversation, reply, response } = performing;
  const stream = api.createStream(conversation, reply.usage);
  for (const beat of reply.beats) {
    if (!response.headersSent && (await playBeforeHeaders(beat, performing)) === 'done') return;
    if (!response.headersSent && opens(beat)) open(response, stream.open());
    if (response.headersSent && (await playBeat(beat, stream, performing)) === 'done') return;
  }
  if (!response.headersSent) open(response, stream.open());
  response.end(stream.close(reply));
}

function open(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': 'req_rehearsal',
  });
  response.write(text);
}

// Waits and faults that come first keep the headers back; anything that is said sends them.
const opens = (beat: Beat): boolean =>
  beat.type === 'text' || beat.type === 'thinking' || beat.type === 'call' || isAfterHeaders(beat);

const isAfterHeaders = (beat: Beat): boolean =>
  (beat.type === 'hang' || beat.type === 'drop' || beat.type === 'malformed') && !isBeforeHeaders(beat);

function isBeforeHeaders(beat: Beat): boolean {
  if (beat.type === 'malformed') return beat.how === 'html' || beat.how === 'empty';
  return (beat.type === 'hang' || beat.type === 'drop') && beat.place === 'before-headers';
}

async function playBeforeHeaders(beat: Beat, { api, response, signal }: Performing): Promise<Outcome> {
  if (beat.type === 'delay') await sleep(beat.ms, undefined, { signal });
  if (beat.type === 'error') sendAnswer(response, api.toError(beat.error));
  if (beat.type === 'malformed' && isBeforeHeaders(beat)) sendNonsense(response, beat.how);
  if (beat.type === 'drop' && isBeforeHeaders(beat)) response.destroy();
  if (beat.type === 'hang' && isBeforeHeaders(beat)) await untilGone(signal);
  return beat.type === 'error' || isBeforeHeaders(beat) ? 'done' : 'going-on';
}

function sendNonsense(response: ServerResponse, how: Malformed): void {
  response.writeHead(200, { 'content-type': how === 'html' ? 'text/html' : 'text/event-stream' });
  response.end(how === 'html' ? '<!doctype html><title>A proxy</title><p>This is no model.' : '');
}

async function playBeat(beat: Beat, stream: ReplyStream, { response, signal }: Performing): Promise<Outcome> {
  switch (beat.type) {
    case 'text':
    case 'thinking':
      for (const piece of beat.pieces) {
        if (beat.pace > 0) await sleep(beat.pace, undefined, { signal });
        await write(response, stream.piece(beat.type, piece), signal);
      }
      return 'going-on';
    case 'call':
      await write(response, stream.call(beat), signal);
      return 'going-on';
    case 'delay':
      await sleep(beat.ms, undefined, { signal });
      return 'going-on';
    case 'error':
      response.end(stream.error(beat.error));
      return 'done';
    case 'hang':
      await untilGone(signal);
      return 'done';
    case 'drop':
      await flushed(response);
      response.destroy();
      return 'done';
    case 'malformed':
      return breakStream(beat.how, stream, response);
  }
}

function breakStream(how: Malformed, stream: ReplyStream, response: ServerResponse): Outcome {
  response.write(stream.malformed(how));
  if (how === 'unknown-event') return 'going-on';
  response.end();
  return 'done';
}

// Bounded memory for texts of any length: waits when the client reads slowly.
async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (response.write(text)) return;
  await new Promise<void>((resolve, reject) => {
    response.once('drain', resolve);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

const flushed = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => response.write('', () => setImmediate(resolve)));

const untilGone = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function performWhole({ api, conversation, reply, response, signal }: Performing): Promise<void> {
  for (const beat of reply.beats) {
    if (beat.type === 'delay') await sleep(beat.ms, undefined, { signal });
    if (beat.type === 'error') return sendAnswer(response, api.toError(beat.error));
    if (beat.type === 'hang') return untilGone(signal);
    if (beat.type === 'drop') return void response.destroy();
    if (beat.type === 'malformed') return sendNonsense(response, 'html');
  }
  sendAnswer(response, { status: 200, body: api.toWhole(reply, conversation) });
}
