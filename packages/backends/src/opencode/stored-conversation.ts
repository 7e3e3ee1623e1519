import { fileURLToPath } from 'node:url';
import type { Failure, InputPart, ItemId, ToolCallItem } from '@baton/protocol';
import type { WholeUsage } from '../agent/whole-usage.ts';
import { toDataUrlPart, toTextPart } from '../stored/to-input.ts';
import { type StoredIds, createStoredIds } from '../stored/stored-ids.ts';
import { type StoredLog, type StoredTurnEnd, toTime } from '../stored/stored-log.ts';
import { cutStrings } from '../agent/cut.ts';
import { toFailure } from './failure.ts';
import type { SessionRow, StoredFile, StoredMessage, StoredPart, StoredTool } from './stored-rows.ts';
import { toLocations, toToolKind, toToolTitle } from './tool-name.ts';
import { toToolOutput, toToolStatus } from './tool-output.ts';
import { toUsage } from './usage.ts';
import { type NativeMessage, type NativeTextPart, todosSchema } from './wire.ts';

type Assistant = Extract<NativeMessage, { role: 'assistant' }>;

/** What a conversation consists of: its own messages, and by session those of its subagents. */
export interface StoredTree {
  session: SessionRow;
  messages: readonly StoredMessage[];
  children: ReadonlyMap<string, readonly StoredMessage[]>;
}

const MAX_DEPTH = 5;

/** Writes messages into a log as a running OpenCode would have told them. `write` does one message; `finish` comes last. */
export class StoredConversation {
  readonly #log: StoredLog;
  readonly #ids: StoredIds;
  readonly #tree: StoredTree;
  #last: Assistant | undefined;
  #steps: Assistant[] = [];
  firstPrompt: string | undefined;
  /** As OpenCode takes it: provider/model. */
  model: string | undefined;

  constructor(log: StoredLog, tree: StoredTree) {
    this.#log = log;
    this.#tree = tree;
    this.#ids = createStoredIds(tree.session.id);
  }

  write(message: StoredMessage): void {
    if (message.info.role === 'user') return this.#begin(message);
    // A summary is made for the model, and no person asked for it.
    if (message.info.summary === true) return;
    this.#moveTo(message.info.time.created);
    if (this.#log.turnId === undefined) {
      this.#log.startTurn(this.#ids.turn(message.info.id, this.#log.now), [], 'agent');
    }
    for (const part of message.parts) this.#writePart(part, { depth: 0 });
    this.#moveTo(message.info.time.completed);
    this.#last = message.info;
    this.#steps.push(message.info);
    const { providerID, modelID } = message.info;
    if (providerID !== undefined && modelID !== undefined) this.model = `${providerID}/${modelID}`;
  }

  finish(): void {
    this.#log.endTurn(toEnd(this.#last, this.#steps));
    this.#last = undefined;
    this.#steps = [];
  }

  #begin({ info, parts }: StoredMessage): void {
    const input = parts.flatMap(toInput);
    if (input.length === 0) return;
    this.finish();
    this.#moveTo(info.time.created);
    this.#log.startTurn(this.#ids.turn(info.id, this.#log.now), input, 'user');
    this.firstPrompt ??= input.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
  }

  #moveTo(time: unknown): void {
    this.#log.moveTo(toTime(time));
  }

  #writePart(part: StoredPart, place: { parent?: ItemId; depth: number }): void {
    if (part.type === 'text' || part.type === 'reasoning') return this.#writeText(part, place.parent);
    if (part.type === 'tool' && 'times' in part && part.state.status !== 'pending') this.#writeTool(part, place);
  }

  #writeText(part: NativeTextPart, parent: ItemId | undefined): void {
    if (part.synthetic === true || part.ignored === true) return;
    const type = part.type === 'text' ? 'agent-message' : 'reasoning';
    this.#moveTo(part.time?.end);
    this.#log.say(this.#ids.item(part.id, this.#log.now), { type, text: part.text }, parent);
  }

  #writeTool(part: StoredTool, { parent, depth }: { parent?: ItemId; depth: number }): void {
    const { tool, state, times } = part;
    this.#moveTo(times.start);
    const itemId = this.#ids.item(part.id, this.#log.now);
    const locations = toLocations(state.input);
    const item: ToolCallItem = {
      type: 'tool-call',
      tool,
      title: toToolTitle(tool, state.input, this.#tree.session.directory),
      kind: toToolKind(tool),
      input: cutStrings(state.input),
      status: 'running',
      ...(locations === undefined ? {} : { locations }),
      startedAt: this.#log.at,
    };
    this.#log.startItem(itemId, item, parent);
    this.#writeChild(part, { parent: itemId, depth: depth + 1 });
    this.#moveTo(times.end);
    // Still running in a file that nobody writes any more: it was cut off.
    const isOver = state.status === 'completed' || state.status === 'error';
    const output = toToolOutput(part, undefined);
    const status = isOver ? toToolStatus(part) : 'interrupted';
    this.#log.endItem(itemId, { ...item, status, ...(output.length === 0 ? {} : { output }), endedAt: this.#log.at });
    if (parent === undefined && tool === 'todowrite') this.#writePlan(state.input['todos']);
  }

  #writeChild({ state }: StoredTool, place: { parent: ItemId; depth: number }): void {
    const { sessionId } = state.metadata;
    const messages = typeof sessionId === 'string' ? this.#tree.children.get(sessionId) : undefined;
    if (messages === undefined || place.depth > MAX_DEPTH) return;
    for (const { info, parts } of messages) {
      if (info.role === 'assistant') for (const part of parts) this.#writePart(part, place);
    }
  }

  #writePlan(value: unknown): void {
    const todos = todosSchema.safeParse(value);
    if (!todos.success) return;
    const toStatus = (status: string) => {
      if (status === 'in_progress') return 'in-progress' as const;
      return status === 'completed' || status === 'cancelled' ? ('completed' as const) : ('pending' as const);
    };
    this.#log.plan(todos.data.map(({ content, status }) => ({ title: content, status: toStatus(status) })));
  }
}

function toEnd(last: Assistant | undefined, steps: readonly Assistant[]): StoredTurnEnd {
  if (last === undefined) return { outcome: 'interrupted' };
  const counts = steps.map(({ tokens }) => (tokens === undefined ? undefined : toUsage(tokens)));
  const sum = (name: keyof WholeUsage) =>
    counts.reduce((total, each) => total + Math.max(0, Math.trunc(each?.[name] ?? 0) || 0), 0);
  const usage = {
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    cacheReadTokens: sum('cacheReadTokens'),
    cacheWriteTokens: sum('cacheWriteTokens'),
  };
  const costUsd = steps.reduce((total, { cost }) => total + (cost > 0 ? cost : 0), 0);
  // The time too, because a fork gives its copies ids of their own but leaves them their times.
  return { ...toOutcome(last), usage, costUsd, point: `${last.id}@${last.time.created}` };
}

function toOutcome({ error, time, finish }: Assistant): { outcome: StoredTurnEnd['outcome']; error?: Failure } {
  if (error?.name === 'MessageAbortedError') return { outcome: 'interrupted' };
  if (error !== undefined) return { outcome: 'failed', error: toFailure(error) };
  if (time.completed === undefined || finish === 'tool-calls') return { outcome: 'interrupted' };
  return { outcome: 'completed' };
}

function toInput(part: StoredPart): InputPart[] {
  if (part.type === 'file' && 'url' in part) return [toFileInput(part)];
  if (part.type !== 'text' || part.synthetic === true || part.ignored === true) return [];
  return part.text.trim() === '' ? [] : [toTextPart(part.text)];
}

function toFileInput({ url, filename }: StoredFile): InputPart {
  const image = toDataUrlPart(url);
  if (image !== undefined && url.startsWith('data:image/')) return image;
  if (!url.startsWith('file:')) return toTextPart(`[${filename ?? 'a file'}]`);
  try {
    return { type: 'file', path: fileURLToPath(url.replace(/[?#].*$/, '')).slice(0, 4096) };
  } catch {
    return toTextPart(`[${filename ?? 'a file'}]`);
  }
}
