import type { StoredSession, ToldConversation } from '@baton/core';
import type { InputPart } from '@baton/protocol';
import type { TranslateContext } from '../agent/step.ts';
import { createStoredIds } from '../stored/stored-ids.ts';
import { StoredLog, toTime } from '../stored/stored-log.ts';
import { toStoredContext, writeReports } from '../stored/stored-reports.ts';
import { toImagePart, toTextPart } from '../stored/to-input.ts';
import { isInterruptWord, withoutReminders } from './peculiarities.ts';
import { type AcpState, type Translation, createState } from './state.ts';
import { toBlockText } from './text.ts';
import { isContent, translate } from './translate.ts';
import { beginTurn, settleTurn } from './turn-end.ts';
import { type Block, type Update, notificationSchema, stampSchema, updateSchema } from './wire.ts';

/** What an agent repeats of a conversation while it loads it, put together to the conversation as it was. */
export interface Replay {
  /** One message of the agent, in its order; answers whether it was a piece of what was said or done. */
  take(method: string, params: unknown): boolean;
  /** What there is now; undefined when nobody said anything. */
  toStored(): StoredSession | undefined;
}

export interface ReplayOptions extends Pick<ToldConversation, 'nativeId' | 'cwd' | 'title'> {
  /** For people. */
  agentTitle: string;
  /** The agent's own name, by which its peculiarities are known. */
  agent: string;
  /** RFC 3339 UTC: when it was last worked on. It counts for all that the agent gives no time of. */
  updatedAt: string;
}

export function createReplay(options: ReplayOptions): Replay {
  return new Repeated(options);
}

interface Prompt {
  messageId: string | undefined;
  parts: InputPart[];
}

class Repeated implements Replay {
  readonly #options: ReplayOptions;
  readonly #log = new StoredLog();
  readonly #ids;
  #state: AcpState;
  /** What the user said, until it is known to be all of it. */
  #prompt: Prompt | undefined;
  /** Of the first message that bears a time. */
  #since: string | undefined;

  constructor(options: ReplayOptions) {
    const { agentTitle: title, agent, cwd, nativeId } = options;
    this.#options = options;
    this.#ids = createStoredIds(nativeId);
    this.#state = {
      ...createState({ title, cwd, nativeId, model: undefined, mode: undefined, effort: undefined }),
      agent,
    };
  }

  take(method: string, params: unknown): boolean {
    const told = method === 'session/update' ? notificationSchema.safeParse(params).data : undefined;
    const update = updateSchema.safeParse(told?.update).data;
    if (told === undefined || update === undefined || !isContent(update.sessionUpdate)) return false;
    this.#moveTo(told.update);
    if (update.sessionUpdate === 'user_message_chunk') {
      // What a subagent was told is in its call.
      if (told.sessionId === this.#options.nativeId) this.#hear(update);
      return true;
    }
    this.#begin();
    this.#write(translate(this.#state, { method, params }, this.#toContext('said')));
    return true;
  }

  toStored(): StoredSession | undefined {
    this.#begin();
    this.#write(settleTurn(this.#state, { outcome: 'completed' }, this.#toContext('said')));
    const { nativeId, cwd, title, updatedAt } = this.#options;
    const first = this.#since ?? updatedAt;
    const events = this.#log.events.map(({ at, event }) => ({ at: Date.parse(at) === 0 ? first : at, event }));
    if (events.length === 0) return undefined;
    return { nativeId, cwd, title, createdAt: events[0]?.at ?? first, updatedAt, events };
  }

  #hear({ content, messageId }: Extract<Update, { sessionUpdate: 'user_message_chunk' }>): void {
    if (isInterruptWord(this.#state.agent, toBlockText(content))) {
      this.#begin();
      this.#write(settleTurn(this.#state, { outcome: 'interrupted' }, this.#toContext('said')));
      return;
    }
    const id = messageId ?? undefined;
    if (this.#prompt !== undefined && this.#prompt.messageId !== id) this.#begin();
    this.#prompt ??= { messageId: id, parts: [] };
    add(this.#prompt, toPart(content));
  }

  // Something else than the user's words follows: they are whole, and what follows is done for them.
  #begin(): void {
    const prompt = this.#prompt;
    this.#prompt = undefined;
    const input = (prompt?.parts ?? []).flatMap(toSaid);
    if (prompt === undefined || input.length === 0) return;
    const turnId = this.#ids.turn(prompt.messageId ?? 'prompt', this.#log.now);
    this.#write(beginTurn(this.#state, turnId, this.#toContext('said')));
    this.#log.startTurn(turnId, input, 'user');
  }

  #write(translation: Translation | undefined): void {
    if (translation === undefined) return;
    this.#state = translation.state;
    writeReports(this.#log, translation.reports);
  }

  #toContext(name: string): TranslateContext {
    return toStoredContext(this.#log, this.#ids, name);
  }

  // The protocol has no place for a time; some agents put it beside.
  #moveTo(update: unknown): void {
    const time = toTime(stampSchema.safeParse(update).data?._meta.timestamp);
    if (time === undefined) return;
    this.#log.moveTo(time);
    this.#since ??= this.#log.at;
  }
}

// Blocks of one message come whole where messages have ids; where they have none they may come in pieces.
function add({ messageId, parts }: Prompt, part: InputPart | undefined): void {
  if (part === undefined) return;
  const last = parts.at(-1);
  if (messageId === undefined && last?.type === 'text' && part.type === 'text')
    parts[parts.length - 1] = toTextPart(last.text + part.text);
  else parts.push(part);
}

// Only when all of it is there: it may come in pieces.
function toSaid(part: InputPart): InputPart[] {
  if (part.type !== 'text') return [part];
  const text = withoutReminders(part.text);
  return text.trim() === '' ? [] : [{ ...part, text }];
}

function toPart(block: Block): InputPart | undefined {
  if (block.type === 'image' && block.data != null) return toImagePart(block.mimeType ?? '', block.data);
  const text = toBlockText(block);
  return text === '' ? undefined : toTextPart(text);
}
