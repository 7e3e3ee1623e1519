import type { InputPart, ItemId, ToolCallItem } from '@baton/protocol';
import { z } from 'zod';
import { NO_USAGE, type WholeUsage } from '../agent/whole-usage.ts';
import { type StoredIds, createStoredIds } from '../stored/stored-ids.ts';
import { type StoredLog, type StoredTurnEnd, toTime } from '../stored/stored-log.ts';
import { toTitle } from './command-text.ts';
import { toFailure } from './failure.ts';
import { type StoredCall, toCallEnd, toPlan, toStoredCall } from './stored-calls.ts';
import { type CallBegin, type RolloutEvent, type RolloutLine, toForeignItem } from './stored-line.ts';
import { toEventInput, toItemInput } from './stored-prompt.ts';
import { toGrowth, toUsage } from './stored-usage.ts';
import { type ToolItem, toShownItem, toToolOutput, toToolStatus } from './tool-item.ts';
import type { ForeignItem } from './wire.ts';

interface OpenTurn {
  nativeId: string | undefined;
  /** What the agent did last was to speak: older versions say in no other way that a turn is over. */
  hasSpoken: boolean;
  before: WholeUsage;
}

interface OpenItem {
  itemId: ItemId;
  item: ToolCallItem;
}

/** A subagent that was begun in the open turn: what it did is written under its call as time goes by. */
interface OpenAgent extends OpenItem {
  lines: readonly RolloutLine[];
  next: number;
  said: string;
}

/** Where and when something is shown. */
interface Place {
  name: string;
  at: number | undefined;
  endedAt?: number | undefined;
  parent?: ItemId;
}

export interface StoredThread {
  nativeId: string;
  cwd: string;
  lines: readonly RolloutLine[];
  /** Lines of subagents, by their thread. */
  agents: ReadonlyMap<string, readonly RolloutLine[]>;
}

/** Writes a thread into a log as a running Codex would have told it. Lines go in one by one by their index, then `finish`. */
export class StoredConversation {
  readonly #log: StoredLog;
  readonly #ids: StoredIds;
  readonly #thread: StoredThread;
  /** From this line on there are whole items, and what older versions wrote beside them says the same again. */
  readonly #itemsFrom: number;
  #turn: OpenTurn | undefined;
  /** A turn that began and has no words yet. */
  #begun: string | undefined;
  #calls = new Map<string, StoredCall & OpenItem>();
  /** Calls whose items are still to come. */
  #awaited = new Map<string, { call: StoredCall; at: number | undefined }>();
  #agents: OpenAgent[] = [];
  firstPrompt: string | undefined;
  model: string | undefined;
  usage: WholeUsage = NO_USAGE;

  constructor(log: StoredLog, thread: StoredThread) {
    this.#log = log;
    this.#thread = thread;
    this.#ids = createStoredIds(thread.nativeId);
    const first = thread.lines.findIndex(isWholeItem);
    this.#itemsFrom = first === -1 ? thread.lines.length : first;
  }

  write(index: number): void {
    const line = this.#thread.lines[index];
    if (line === undefined) return;
    this.#writeAgents(line.at);
    const isOld = index < this.#itemsFrom;
    if (line.type === 'context') this.model = line.model;
    else if (line.type === 'output') this.#writeOutput(line.callId, line);
    else if (line.type === 'call') this.#writeCall(line.call, line.at, isOld);
    else this.#writeEvent(line.event, line.at, isOld);
  }

  /** What is open then was cut off, unless it is of a version that never says so and looks over. */
  finish(): void {
    const isOver = this.#turn?.nativeId === undefined && this.#turn?.hasSpoken === true && this.#calls.size === 0;
    this.#end({ outcome: isOver ? 'completed' : 'interrupted' });
  }

  #writeEvent(event: RolloutEvent, at: number | undefined, isOld: boolean): void {
    switch (event.type) {
      case 'task_started':
      case 'turn_started':
        this.finish();
        this.#begun = event.turn_id;
        return;
      case 'task_complete':
      case 'turn_complete':
        return this.#complete(event, at);
      case 'turn_aborted':
        this.#begun = undefined;
        this.#log.moveTo(at);
        return this.#end({ outcome: 'interrupted' });
      case 'item_completed':
        return this.#writeItem(event, at);
      case 'token_count':
        this.usage = toUsage(event.info.total_token_usage);
        return;
      default:
        return isOld ? this.#writeSaid(event, at) : undefined;
    }
  }

  #complete({ turn_id: id, error }: { turn_id?: string | undefined; error?: unknown }, at: number | undefined): void {
    this.#begun = undefined;
    if (this.#turn?.nativeId !== undefined && id !== this.#turn.nativeId) return;
    if (this.#turn !== undefined) this.#log.moveTo(at);
    this.#end(error == null ? { outcome: 'completed' } : { outcome: 'failed', error: toFailure(toError(error)) });
  }

  #writeSaid(
    event: Extract<RolloutEvent, { type: 'user_message' | 'agent_message' | 'agent_reasoning' }>,
    at: number | undefined,
  ): void {
    if (event.type === 'user_message') return this.#prompt(toEventInput(event), at);
    const isMessage = event.type === 'agent_message';
    const type = isMessage ? 'agent-message' : 'reasoning';
    this.#say(type, isMessage ? event.message : event.text, { name: type, at });
  }

  #prompt(input: InputPart[], at: number | undefined): void {
    if (input.length === 0) return;
    if (this.#turn?.nativeId !== undefined && this.#begun === undefined) {
      this.#log.moveTo(at);
      return this.#log.steer(input);
    }
    this.finish();
    this.#open(input, at);
    this.firstPrompt ??= input.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
  }

  #open(input: InputPart[] | undefined, at: number | undefined): void {
    this.#log.moveTo(at);
    const nativeId = this.#begun;
    this.#begun = undefined;
    const turnId = this.#ids.turn(nativeId ?? 'turn', this.#log.now);
    this.#log.startTurn(turnId, input ?? [], input === undefined ? 'agent' : 'user');
    this.#turn = { nativeId, hasSpoken: false, before: this.usage };
  }

  #ensureTurn(at: number | undefined): void {
    if (this.#turn === undefined) this.#open(undefined, at);
    this.#log.moveTo(at);
  }

  #say(type: 'agent-message' | 'reasoning', text: string, { name, at, parent }: Place): void {
    if (text.trim() === '') return;
    this.#ensureTurn(at);
    this.#log.say(this.#ids.item(name, this.#log.now), { type, text }, parent);
    if (this.#turn !== undefined && parent === undefined) this.#turn.hasSpoken = type === 'agent-message';
  }

  #writeItem(event: Extract<RolloutEvent, { type: 'item_completed' }>, at: number | undefined): void {
    const { item: stored, turn_id: turnId, started_at_ms: start, completed_at_ms: end } = event;
    if (stored.type === 'UserMessage') return this.#prompt(toItemInput(stored['content']), at);
    this.#awaited.delete(stored.id);
    const item = toForeignItem(stored);
    // A command that was left running tells its end after its turn, which is over.
    const current = this.#begun ?? this.#turn?.nativeId;
    if (item === undefined || (turnId !== undefined && turnId !== current)) return;
    if (item.type === 'collabAgentToolCall' || item.type === 'subAgentActivity') return this.#writeSpawn(item, at);
    this.#show(item, { name: item.id, at: toTime(start) ?? at, endedAt: toTime(end) ?? at });
  }

  #show(item: ForeignItem, place: Place): void {
    switch (item.type) {
      case 'agentMessage':
      case 'plan':
        return this.#say('agent-message', item.text, { ...place, at: place.endedAt });
      case 'reasoning': {
        const text = (item.summary.length > 0 ? item.summary : item.content).join('\n\n');
        return this.#say('reasoning', text, { ...place, at: place.endedAt });
      }
      case 'commandExecution':
      case 'fileChange':
      case 'mcpToolCall':
      case 'dynamicToolCall':
      case 'webSearch':
      case 'imageView':
      case 'imageGeneration':
        return this.#showTool(item, place);
      default:
        return;
    }
  }

  #showTool(item: ToolItem, place: Place): void {
    const open = this.#startItem(toShownItem(item, this.#thread.cwd), place);
    this.#log.moveTo(place.endedAt);
    this.#endItem(open, { status: toToolStatus(item), output: toToolOutput(item) });
  }

  #startItem(shown: StoredCall['shown'], { name, at, parent }: Place): OpenItem {
    this.#ensureTurn(at);
    const itemId = this.#ids.item(name, this.#log.now);
    const item: ToolCallItem = { ...shown, type: 'tool-call', status: 'running', startedAt: this.#log.at };
    this.#log.startItem(itemId, item, parent);
    return { itemId, item };
  }

  #endItem({ itemId, item }: OpenItem, { status, output }: ReturnType<typeof toCallEnd>): void {
    const outputs = output.length === 0 ? {} : { output };
    this.#log.endItem(itemId, { ...item, status, ...outputs, endedAt: this.#log.at });
    if (this.#turn !== undefined) this.#turn.hasSpoken = false;
  }

  #writeCall(call: CallBegin, at: number | undefined, isOld: boolean): void {
    const plan = toPlan(call);
    if (plan !== undefined) {
      this.#ensureTurn(at);
      return this.#log.plan(plan);
    }
    const found = toStoredCall(call, this.#thread.cwd);
    if (found === undefined) return;
    if (isOld) this.#calls.set(call.call_id, { ...found, ...this.#startItem(found.shown, { name: call.call_id, at }) });
    else if (found.shown.kind !== 'other') this.#awaited.set(call.call_id, { call: found, at });
  }

  #writeOutput(callId: string, { output, at }: { output: unknown; at: number | undefined }): void {
    const open = this.#calls.get(callId);
    if (open === undefined) return;
    this.#log.moveTo(at);
    this.#calls.delete(callId);
    this.#endItem(open, toCallEnd(output, open));
  }

  #writeSpawn(
    item: Extract<ForeignItem, { type: 'collabAgentToolCall' | 'subAgentActivity' }>,
    at: number | undefined,
  ): void {
    const isOld = item.type === 'collabAgentToolCall';
    if (isOld ? item.tool !== 'spawnAgent' : item.kind !== 'started') return;
    const threadId = isOld ? item.receiverThreadIds[0] : item.agentThreadId;
    const title = isOld ? item.prompt : item.agentPath.split('/').at(-1)?.replaceAll('_', ' ');
    const input = isOld ? { prompt: item.prompt ?? '' } : { name: item.agentPath };
    const shown = {
      tool: 'spawn_agent',
      title: toTitle(title ?? 'Start a subagent'),
      kind: 'subagent' as const,
      input,
    };
    const lines = this.#thread.agents.get(threadId ?? '') ?? [];
    this.#agents.push({ ...this.#startItem(shown, { name: item.id, at }), lines, next: 0, said: '' });
  }

  /** Writes what subagents did until then; all of it without a time. */
  #writeAgents(until: number | undefined): void {
    for (const agent of this.#agents) {
      for (let line = agent.lines[agent.next]; line !== undefined; line = agent.lines[agent.next]) {
        if (until !== undefined && (line.at ?? 0) > until) break;
        agent.next += 1;
        this.#writeOfAgent(agent, line);
      }
    }
  }

  #writeOfAgent(agent: OpenAgent, line: RolloutLine): void {
    if (line.type !== 'event' || line.event.type !== 'item_completed') return;
    const item = toForeignItem(line.event.item);
    if (item === undefined) return;
    if (item.type === 'agentMessage') agent.said = item.text;
    this.#show(item, { name: item.id, at: line.at, endedAt: line.at, parent: agent.itemId });
  }

  #end(end: Pick<StoredTurnEnd, 'outcome' | 'error'>): void {
    if (this.#turn === undefined) return;
    this.#writeAgents(undefined);
    for (const agent of this.#agents) {
      const output = agent.said === '' ? [] : [{ type: 'text' as const, text: agent.said }];
      this.#endItem(agent, { status: 'completed', output });
    }
    if (end.outcome === 'interrupted') {
      for (const [name, { call, at }] of this.#awaited) this.#startItem(call.shown, { name, at });
    }
    const { nativeId, before } = this.#turn;
    const usage = toGrowth(this.usage, before);
    this.#log.endTurn({ ...end, usage, ...(nativeId === undefined ? {} : { point: nativeId }) });
    this.#turn = undefined;
    this.#agents = [];
    this.#calls.clear();
    this.#awaited.clear();
  }
}

function isWholeItem(line: RolloutLine): boolean {
  if (line.type !== 'event' || line.event.type !== 'item_completed') return false;
  return line.event.item.type === 'UserMessage' || line.event.item.type === 'AgentMessage';
}

const errorSchema = z
  .object({ message: z.string().catch(''), codex_error_info: z.unknown().optional() })
  .catch({ message: '' });

function toError(error: unknown): Parameters<typeof toFailure>[0] {
  const { message, codex_error_info: info } = errorSchema.parse(error);
  const toCamel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { message, codexErrorInfo: typeof info === 'string' ? toCamel(info) : undefined };
}
