import { type ItemId, createId } from '@baton/protocol';
import { SilenceError } from './failure.ts';
import { isPassing, ModelError } from './model/model-error.ts';
import { toEfforts } from './model/model-list.ts';
import type { SelectedModel } from './model/select-model.ts';
import { addRequest, toUsageEvent, toUsed } from './model/usage.ts';
import type { TurnState, WorkerState } from './state.ts';
import { toWellFormedMessage } from './well-formed.ts';
import type { ChatMessage, ModelEvent, RequestUsage, StopReason, ToolOffer } from './wire.ts';

export interface RequestedCall {
  name: string;
  json: string;
}

export interface ModelReply {
  calls: RequestedCall[];
  stop: StopReason;
}

export interface ReplyRequest {
  model: SelectedModel;
  system: string;
  tools: readonly ToolOffer[];
}

/** Asks the model once for what comes next, streaming what it says. Passing failures are tried again, and said. */
export async function requestReply(turn: TurnState, request: ReplyRequest): Promise<ModelReply> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await streamReply(turn, request);
    } catch (error) {
      turn.signal.throwIfAborted();
      const wait = toWait(error, attempt, turn.session);
      if (wait === undefined) throw error;
      await sayRetry(turn.session, { error, wait, attempt, provider: request.model.provider });
      await pause(turn, wait);
    }
  }
}

/** Milliseconds until the next try; undefined when it is not worth one. */
function toWait(error: unknown, attempt: number, { patience }: WorkerState): number | undefined {
  if (!(error instanceof ModelError) || !isPassing(error) || attempt > patience.retries) return undefined;
  const asked = (error.retryAfter ?? 0) * 1000;
  if (asked > patience.maxWaitMs) return undefined;
  return Math.max(asked, patience.retryMs * 2 ** (attempt - 1));
}

async function sayRetry(
  { conversation, patience }: WorkerState,
  said: { error: unknown; wait: number; attempt: number; provider: string },
): Promise<void> {
  const reason = said.error instanceof ModelError ? said.error.detail : String(said.error);
  const seconds = Math.round(said.wait / 100) / 10;
  const text = `${said.provider} did not answer (${reason}). Trying again in ${seconds} s, ${said.attempt} of ${patience.retries}.`;
  await conversation.report({ type: 'notice.raised', level: 'warning', text });
}

async function pause({ session, signal }: TurnState, ms: number): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const cancel = session.clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    function stop(): void {
      cancel();
      reject(signal.reason);
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}

async function streamReply(turn: TurnState, request: ReplyRequest): Promise<ModelReply> {
  const { conversation } = turn.session;
  const speech = createSpeech(turn);
  const calls: RequestedCall[] = [];
  try {
    for await (const event of streamModel(turn, { ...request, messages: toSendable(conversation.messages()) })) {
      if (event.type === 'text' || event.type === 'thinking') await speech.say(event.type, event.text);
      else if (event.type === 'signature') await speech.sign(event.signature);
      else if (event.type === 'call') calls.push({ name: event.name, json: event.json });
      else if (event.type === 'end') {
        await speech.close();
        await countUsage(turn, request.model, event.usage);
        return { calls, stop: event.stop };
      }
    }
    throw new ModelError('malformed', { detail: 'the answer has no end' });
  } finally {
    await speech.close();
  }
}

const CUT_OFF = '<system-reminder>Your answer was cut off. Go on from there.</system-reminder>';

// An answer that broke off stays as it is; models take no conversation that ends with their own words.
function toSendable(messages: ChatMessage[]): ChatMessage[] {
  if (messages.at(-1)?.role !== 'assistant') return messages;
  return [...messages, { role: 'user', parts: [{ type: 'text', text: CUT_OFF }] }];
}

/** The model's events; gives up after too long a silence, and counts every event as a sign of life. */
export async function* streamModel(
  turn: TurnState,
  request: ReplyRequest & { messages: readonly ChatMessage[] },
): AsyncGenerator<ModelEvent> {
  const { clock, patience, options } = turn.session;
  const silence = new AbortController();
  const giveUp = (): void => silence.abort(new SilenceError(Math.round(patience.silenceMs / 1000)));
  let cancel = clock.after(patience.silenceMs, giveUp);
  try {
    const events = request.model.client.stream({
      model: request.model.id,
      system: request.system,
      messages: request.messages.map(toWellFormedMessage),
      tools: request.tools,
      effort: toEfforts(request.model.id).find((known) => known === turn.session.effort),
      sessionKey: options.sessionId,
      signal: AbortSignal.any([turn.signal, silence.signal]),
    });
    for await (const event of events) {
      cancel();
      yield event;
      cancel = clock.after(patience.silenceMs, giveUp);
    }
  } finally {
    cancel();
  }
}

/** Adds what a request cost to the turn and the session, and reports it. */
export async function countUsage(turn: TurnState, model: SelectedModel, usage: RequestUsage): Promise<void> {
  const { session } = turn;
  turn.spent = addRequest(turn.spent, usage, model.id);
  session.spent = addRequest(session.spent, usage, model.id);
  session.used = toUsed(usage);
  const context = model.context === undefined ? undefined : { used: session.used, size: model.context };
  await session.conversation.report(toUsageEvent(session.spent, context));
}

interface OpenSpeech {
  itemId: ItemId;
  type: 'text' | 'thinking';
  text: string;
}

const toItem = ({ type, text }: Pick<OpenSpeech, 'type' | 'text'>) =>
  type === 'text' ? ({ type: 'agent-message', text } as const) : ({ type: 'reasoning', text } as const);

// Streamed words as items: one is open at a time, and each is ended whatever happens.
function createSpeech({ session: { conversation }, turnId }: TurnState) {
  let open: OpenSpeech | undefined;

  async function close(): Promise<void> {
    if (open === undefined) return;
    const ended = open;
    open = undefined;
    await conversation.report({ type: 'item.ended', itemId: ended.itemId, item: toItem(ended) });
  }

  async function start(type: OpenSpeech['type']): Promise<OpenSpeech> {
    await close();
    const speech: OpenSpeech = { itemId: createId('item'), type, text: '' };
    open = speech;
    await conversation.report({ type: 'item.started', turnId, itemId: speech.itemId, item: toItem(speech) });
    return speech;
  }

  async function say(type: OpenSpeech['type'], text: string): Promise<void> {
    if (text === '') return;
    const speech = open?.type === type ? open : await start(type);
    speech.text += text;
    await conversation.report({ type: 'item.delta', itemId: speech.itemId, field: 'text', text });
  }

  async function sign(signature: string): Promise<void> {
    // Providers that keep their thinking to themselves sign what they do not show.
    if (open?.type !== 'thinking') await start('thinking');
    if (open !== undefined) conversation.sign(open.itemId, signature);
    await close();
  }

  return { say, sign, close };
}
