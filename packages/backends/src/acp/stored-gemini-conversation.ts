import type { InputPart } from '@baton/protocol';
import { z } from 'zod';
import type { WholeUsage } from '../agent/whole-usage.ts';
import { toImagePart, toTextPart } from '../stored/to-input.ts';
import { type StoredIds, createStoredIds } from '../stored/stored-ids.ts';
import { type StoredLog, type StoredTurnEnd, toTime } from '../stored/stored-log.ts';
import { toStoredContext, writeReports } from '../stored/stored-reports.ts';
import { toFailure } from './failure.ts';
import { type AcpState, type Translation, createState } from './state.ts';
import { toPlanUpdate, toToolUpdates, wasCancelled } from './stored-gemini-call.ts';
import type { Chat, GeminiCall, GeminiMessage } from './stored-gemini-line.ts';
import { translate } from './translate.ts';
import { beginTurn, settleTurn } from './turn-end.ts';

const TITLE = 'Gemini CLI';

export type GeminiStep =
  | { type: 'message'; at: number | undefined; message: GeminiMessage }
  | { type: 'call'; at: number | undefined; call: GeminiCall };

/**
 * Messages and calls in the order they happened. The file keeps calls with a message, and in the Agent Client Protocol all of
 * them with the same one: only their times tell where they belong.
 */
export function toSteps({ messages }: Chat): GeminiStep[] {
  const steps: GeminiStep[] = [];
  const calls = new Map<string, GeminiStep>();
  let last = 0;
  for (const message of messages.values()) {
    last = Math.max(last, message.at ?? 0);
    steps.push({ type: 'message', at: message.at ?? last, message });
    for (const call of message.toolCalls)
      calls.set(call.id, { type: 'call', at: toTime(call.timestamp) ?? last, call });
  }
  return [...steps, ...calls.values()].toSorted((left, right) => (left.at ?? 0) - (right.at ?? 0));
}

type Last = 'nothing' | 'words' | 'work' | 'cut';

/** Writes a chat into a log by the same translation that a running Gemini CLI goes through. */
export class StoredGeminiConversation {
  readonly #log: StoredLog;
  readonly #ids: StoredIds;
  readonly #nativeId: string;
  /** Chats of subagents that have not found their call yet, oldest first. */
  readonly #agents: Chat[];
  #state: AcpState;
  #last: Last = 'nothing';
  #failure: string | undefined;
  #turnUsage: WholeUsage | undefined;
  firstPrompt: string | undefined;
  model: string | undefined;
  usage: WholeUsage | undefined;

  constructor(log: StoredLog, place: { nativeId: string; cwd: string; agents: readonly Chat[] }) {
    const { nativeId, cwd, agents } = place;
    this.#log = log;
    this.#nativeId = nativeId;
    this.#agents = agents.toSorted((left, right) => (left.startedAt ?? 0) - (right.startedAt ?? 0));
    this.#ids = createStoredIds(nativeId);
    const start = createState({ title: TITLE, cwd, nativeId, model: undefined, mode: undefined, effort: undefined });
    this.#state = { ...start, agent: 'gemini-cli' };
  }

  write(step: GeminiStep): void {
    if (step.type === 'call') return this.#writeCall(step.call, step.at, this.#nativeId);
    const { message } = step;
    switch (message.type) {
      case 'user':
        return this.#prompt(message);
      case 'gemini':
        return this.#speak(message, this.#nativeId);
      case 'error':
        this.#failure = toText(message.content);
        return;
      default:
        return;
    }
  }

  finish(): void {
    if (this.#state.turn === undefined) return;
    const usage = this.#turnUsage;
    const end = { ...this.#toOutcome(), ...(usage === undefined ? {} : { usage }) };
    this.#apply(settleTurn(this.#state, end, toStoredContext(this.#log, this.#ids, 'end')));
    this.#last = 'nothing';
    this.#failure = undefined;
    this.#turnUsage = undefined;
  }

  #toOutcome(): Pick<StoredTurnEnd, 'outcome' | 'error'> {
    if (this.#failure !== undefined) {
      return { outcome: 'failed', error: toFailure(TITLE, { code: 0, message: this.#failure }) };
    }
    return { outcome: this.#last === 'words' ? 'completed' : 'interrupted' };
  }

  #prompt(message: GeminiMessage): void {
    const input = toInput(message.content);
    if (input.length === 0) return;
    this.finish();
    this.#log.moveTo(message.at);
    const turnId = this.#ids.turn(message.id, this.#log.now);
    this.#log.startTurn(turnId, input, 'user');
    this.#apply(beginTurn(this.#state, turnId, toStoredContext(this.#log, this.#ids, message.id)));
    this.firstPrompt ??= input.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
  }

  #speak(message: GeminiMessage, sessionId: string): void {
    this.#log.moveTo(message.at);
    const messageId = message.id;
    for (const { subject = '', description = '' } of message.thoughts) {
      const text = `**${subject}**\n${description}`;
      this.#tell({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } }, messageId, sessionId);
    }
    const text = toText(message.content);
    if (text !== '') {
      this.#tell(
        { sessionUpdate: 'agent_message_chunk', messageId, content: { type: 'text', text } },
        messageId,
        sessionId,
      );
    }
    this.#count(message);
    if (sessionId !== this.#nativeId) return;
    if (text !== '') this.#last = 'words';
    this.model = message.model ?? this.model;
  }

  #writeCall(call: GeminiCall, at: number | undefined, sessionId: string): void {
    const { begin, end } = toToolUpdates(call);
    const agent = call.name === 'invoke_agent' ? this.#takeAgent(call) : undefined;
    this.#log.moveTo(agent?.startedAt ?? at);
    this.#tell(begin, call.id, sessionId);
    if (agent !== undefined) this.#writeAgent(agent, call);
    this.#log.moveTo(at);
    const isCut = wasCancelled(call);
    this.#setInterrupting(isCut);
    this.#tell(end, call.id, sessionId);
    this.#setInterrupting(false);
    const plan = sessionId === this.#nativeId ? toPlanUpdate(call) : undefined;
    if (plan !== undefined) this.#tell(plan, call.id, sessionId);
    if (sessionId === this.#nativeId) this.#last = isCut ? 'cut' : 'work';
  }

  #setInterrupting(isInterrupting: boolean): void {
    const { turn } = this.#state;
    if (turn !== undefined) this.#state = { ...this.#state, turn: { ...turn, isInterrupting } };
  }

  #takeAgent({ args }: GeminiCall): Chat | undefined {
    const index = this.#agents.findIndex((agent) => toFirstWords(agent) === args['prompt']);
    return index === -1 ? undefined : this.#agents.splice(index, 1)[0];
  }

  #writeAgent(agent: Chat, call: GeminiCall): void {
    const itemId = this.#state.agents[call.id];
    const sessionId = agent.sessionId ?? '';
    if (itemId === undefined) return;
    this.#state = { ...this.#state, agents: { ...this.#state.agents, [sessionId]: itemId } };
    for (const step of toSteps(agent)) {
      if (step.type === 'call') this.#writeCall(step.call, step.at, sessionId);
      else if (step.message.type === 'gemini') this.#speak(step.message, sessionId);
    }
  }

  #tell(update: object, name: string, sessionId: string): void {
    const message = { method: 'session/update', params: { sessionId, update } };
    this.#apply(translate(this.#state, message, toStoredContext(this.#log, this.#ids, name)));
  }

  #apply(translation: Translation | undefined): void {
    if (translation === undefined) return;
    this.#state = translation.state;
    writeReports(this.#log, translation.reports);
  }

  #count({ tokens }: GeminiMessage): void {
    if (tokens === undefined) return;
    const usage = {
      inputTokens: Math.trunc(Math.max(0, tokens.input - tokens.cached)),
      outputTokens: Math.trunc(tokens.output + tokens.thoughts),
      cacheReadTokens: Math.trunc(tokens.cached),
      cacheWriteTokens: 0,
    };
    this.#turnUsage = add(this.#turnUsage, usage);
    this.usage = add(this.usage, usage);
  }
}

function add(left: WholeUsage | undefined, right: WholeUsage): WholeUsage {
  if (left === undefined) return right;
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
  };
}

const partSchema = z.object({
  text: z.string().optional().catch(undefined),
  thought: z.boolean().optional().catch(undefined),
  inlineData: z.object({ mimeType: z.string(), data: z.string() }).optional().catch(undefined),
});
type Part = z.infer<typeof partSchema>;

function toParts(content: unknown): Part[] {
  if (typeof content === 'string') return [{ text: content }];
  const list: unknown[] = Array.isArray(content) ? content : [content];
  return list.flatMap((each) => {
    const part = typeof each === 'string' ? { text: each } : partSchema.safeParse(each).data;
    return part === undefined ? [] : [part];
  });
}

/** What is said in a message; thoughts are kept beside it. */
export function toText(content: unknown): string {
  return toParts(content)
    .map(({ text, thought }) => (thought === true ? '' : (text ?? '')))
    .join('');
}

function toFirstWords(agent: Chat): string | undefined {
  const first = [...agent.messages.values()].find(({ type }) => type === 'user');
  return first === undefined ? undefined : toText(first.content);
}

// What the CLI tells its model in the user's name.
const SYNTHETIC = /^\s*<session_context>|^\[Function Response|^System: /;

function toInput(content: unknown): InputPart[] {
  return toParts(content).flatMap(({ text, inlineData }): InputPart[] => {
    if (inlineData !== undefined) return [toImagePart(inlineData.mimeType, inlineData.data)];
    return text === undefined || text.trim() === '' || SYNTHETIC.test(text) ? [] : [toTextPart(text)];
  });
}
