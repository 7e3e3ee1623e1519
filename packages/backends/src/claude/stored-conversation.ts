import type { InputPart } from '@baton/protocol';
import type { TranslateContext } from '../agent/step.ts';
import type { WholeUsage } from '../agent/whole-usage.ts';
import { type StoredIds, createStoredIds } from '../stored/stored-ids.ts';
import type { StoredLog } from '../stored/stored-log.ts';
import { toStoredContext, writeReports } from '../stored/stored-reports.ts';
import { toTitle } from '../stored/to-title.ts';
import { toFailure } from './failure.ts';
import { toPoint } from './point.ts';
import { type ClaudeState, type Translation, createState } from './state.ts';
import type { StoredLine } from './stored-line.ts';
import { toUserLine } from './stored-prompt.ts';
import { addUsage, createTurnUsage } from './stored-usage.ts';
import { translate } from './translate.ts';
import { beginTurn, settleTurn } from './turn-end.ts';
import { type ClaudeMessage, parseMessage } from './wire.ts';

/** What the open turn did last; only after words of the agent, and with no call under way, it was complete. */
type Last = 'nothing' | 'words' | 'work' | 'error';

interface OpenTurn {
  last: Last;
  wasInterrupted: boolean;
  errorStatus: number | undefined;
  point: string | undefined;
  usage: ReturnType<typeof createTurnUsage>;
}

export interface ConversationFacts {
  firstPrompt: string | undefined;
  model: string | undefined;
  usage: WholeUsage | undefined;
}

/**
 * Turns the lines of one branch into events by the same translation that a running Claude Code goes through, so that a
 * conversation looks the same found and lived. Lines go in one by one, then `finish`.
 */
export class StoredConversation {
  readonly #log: StoredLog;
  readonly #ids: StoredIds;
  #state: ClaudeState;
  #turn = createOpenTurn();
  #command: { line: StoredLine; input: InputPart[] } | undefined;
  #firstPrompt: string | undefined;
  #model: string | undefined;
  #usage: WholeUsage | undefined;

  constructor(log: StoredLog, place: { nativeId: string; cwd: string }) {
    this.#log = log;
    this.#ids = createStoredIds(place.nativeId);
    this.#state = createState({ ...place, model: undefined, mode: undefined });
  }

  get facts(): ConversationFacts {
    return { firstPrompt: this.#firstPrompt, model: this.#model, usage: this.#usage };
  }

  /** `next` is the line that follows, because an interrupt is told only after what it cut. */
  add(line: StoredLine, next: StoredLine | undefined): void {
    if (line.agent !== undefined) return this.#addOfAgent(line);
    if (line.type === 'assistant') return this.#addAssistant(line);
    if (line.type === 'user' || line.type === 'attachment') this.#addUser(line, next);
  }

  finish(): void {
    this.#settle();
  }

  #addOfAgent(line: StoredLine): void {
    if (line.type === 'assistant' || line.blocks.some((block) => block.type === 'tool_result')) this.#translate(line);
  }

  #addAssistant(line: StoredLine): void {
    const isError = line.isApiErrorMessage === true || line.error !== undefined;
    const isSynthetic = line.message?.model === '<synthetic>';
    // What the CLI puts in the model's mouth to keep roles alternating.
    if (isSynthetic && !isError) return;
    if (this.#command !== undefined) this.#begin(this.#command.line, this.#command.input);
    this.#translate(line);
    const { blocks, message } = line;
    if (isError) {
      this.#turn.last = 'error';
      this.#turn.errorStatus = line.apiErrorStatus;
      return;
    }
    this.#turn.point = toPoint(this.#state.nativeId, line.uuid);
    this.#turn.last = toLast(blocks.at(-1)?.type) ?? this.#turn.last;
    this.#model = message?.model ?? this.#model;
    addUsage(this.#turn.usage, line);
  }

  #addUser(line: StoredLine, next: StoredLine | undefined): void {
    const said = toUserLine(line);
    switch (said.type) {
      case 'prompt':
        return this.#begin(line, said.input);
      case 'command':
        this.#settle();
        this.#command = { line, input: said.input };
        return;
      case 'steer':
        return this.#steer(line, said.input);
      case 'results':
        return this.#addResults(line, next !== undefined && toUserLine(next).type === 'interrupt');
      case 'interrupt':
        this.#log.moveTo(line.at);
        this.#turn.wasInterrupted = true;
        return this.#settle();
      case 'wake':
        if (this.#turn.last !== 'work') this.#settle();
        return;
      case 'none':
        return;
    }
  }

  #addResults(line: StoredLine, isCut: boolean): void {
    const { turn } = this.#state;
    if (isCut && turn !== undefined) this.#state = { ...this.#state, turn: { ...turn, isInterrupting: true } };
    const ids = line.blocks.flatMap((block) => (block.tool_use_id === undefined ? [] : [block.tool_use_id]));
    // Older versions say no more than this about a call that the user refused.
    const isRefused = !isCut && line.toolUseResult === 'User rejected tool use' && line.toolDenialKind === undefined;
    if (isRefused) this.#state = { ...this.#state, denied: [...this.#state.denied, ...ids] };
    this.#translate(line);
    this.#turn.last = 'work';
  }

  #steer(line: StoredLine, input: InputPart[]): void {
    if (this.#log.turnId === undefined) return this.#begin(line, input);
    this.#log.moveTo(line.at);
    this.#log.steer(input);
  }

  // The turn before ended when its last line was written, not when somebody came back.
  #begin(line: StoredLine, input: InputPart[]): void {
    this.#settle();
    this.#log.moveTo(line.at);
    const turnId = this.#ids.turn(line.uuid, this.#log.now);
    this.#log.startTurn(turnId, input, 'user');
    this.#apply(beginTurn(this.#state, { turnId, promptUuid: line.uuid }, this.#toContext(line.uuid)));
    this.#firstPrompt ??= toTitle(input.map((part) => (part.type === 'text' ? part.text : '')).join(' '));
  }

  #translate(line: StoredLine): void {
    this.#log.moveTo(line.at);
    this.#apply(translate(this.#state, toWire(line), this.#toContext(line.uuid)));
  }

  #toContext(uuid: string): TranslateContext {
    return toStoredContext(this.#log, this.#ids, uuid);
  }

  #apply({ state, reports }: Translation): void {
    this.#state = state;
    const { point, usage } = this.#turn;
    writeReports(this.#log, reports, {
      ...(point === undefined ? {} : { point }),
      ...(usage.byMessage.size === 0 ? {} : { usage: usage.total() }),
    });
  }

  #settle(): void {
    this.#command = undefined;
    if (this.#state.turn === undefined) {
      this.#turn = createOpenTurn();
      return;
    }
    const { usage } = this.#turn;
    this.#apply(settleTurn(this.#state, this.#toOutcome(), this.#toContext('end')));
    if (usage.byMessage.size > 0) this.#usage = usage.addTo(this.#usage);
    this.#turn = createOpenTurn();
  }

  #toOutcome(): Parameters<typeof settleTurn>[1] {
    const { last, wasInterrupted, errorStatus } = this.#turn;
    if (wasInterrupted) return { outcome: 'interrupted' };
    if (last === 'error') {
      const trouble = this.#state.turn?.trouble ?? { text: '' };
      return { outcome: 'failed', error: toFailure({ ...trouble, status: errorStatus }) };
    }
    const isWorking = Object.values(this.#state.tools).some((tool) => !tool.isHeld);
    return { outcome: last === 'words' && !isWorking ? 'completed' : 'interrupted' };
  }
}

function createOpenTurn(): OpenTurn {
  return {
    last: 'nothing',
    wasInterrupted: false,
    errorStatus: undefined,
    point: undefined,
    usage: createTurnUsage(),
  };
}

function toLast(type: string | undefined): Last | undefined {
  if (type === undefined) return undefined;
  return type === 'text' ? 'words' : 'work';
}

function toWire(line: StoredLine): ClaudeMessage {
  const { type, raw, agent, toolUseResult, toolDenialKind, permissionDecision, blocks } = line;
  const error = line.error ?? (line.isApiErrorMessage === true ? 'unknown' : undefined);
  const meta = blocks.flatMap(({ tool_use_id: id }) => {
    if (id === undefined) return [];
    return [{ id, non_execution_kind: toolDenialKind, permission_decision: permissionDecision }];
  });
  return parseMessage({
    type,
    message: raw,
    parent_tool_use_id: agent,
    error,
    tool_use_result: agent === undefined ? toolUseResult : undefined,
    tool_result_meta: meta,
  });
}
