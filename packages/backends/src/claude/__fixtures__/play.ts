import type { AgentReport } from '@baton/core';
import { sessionEventSchema, turnIdSchema } from '@baton/protocol';
import { expect } from 'vitest';
import type { TranslateContext } from '../../agent/step.ts';
import { type ClaudeState, type Translation, createState } from '../state.ts';
import { translate } from '../translate.ts';
import { beginTurn } from '../turn-end.ts';
import { parseMessage } from '../wire.ts';

export const PROMPT_UUID = '00000000-0000-4000-8000-000000000001';
const NOW = '2026-01-02T03:04:05.000Z';

/** Ids that count up, and a time that stands still. */
export function createTestContext(): TranslateContext {
  const prefixes: Readonly<Record<string, string>> = { turn: 'trn', item: 'itm', approval: 'apr', question: 'qst' };
  let count = 0;
  const createId = (kind: string) => `${prefixes[kind] ?? kind}_${(count += 1)}`;
  return { now: NOW, createId: createId as TranslateContext['createId'] };
}

/** A conversation that a test plays line by line. */
export interface Play {
  state: ClaudeState;
  reports: AgentReport[];
  readonly context: TranslateContext;
  /** Takes messages as the CLI writes them; answers what they were reported as. */
  take(...messages: unknown[]): AgentReport[];
  apply(work: (state: ClaudeState, context: TranslateContext) => Translation): AgentReport[];
  prompt(id?: string): AgentReport[];
}

export function createPlay(start: Partial<ClaudeState> = {}): Play {
  const context = createTestContext();
  const state = createState({ cwd: '/home/user/project', nativeId: 'native', model: undefined, mode: 'default' });
  const play: Play = {
    state: { ...state, ...start },
    reports: [],
    context,
    apply(work) {
      const next = work(play.state, context);
      play.state = next.state;
      play.reports.push(...next.reports);
      return next.reports;
    },
    take: (...messages) =>
      messages.flatMap((message) => play.apply((before) => translate(before, parseMessage(message), context))),
    prompt(id = 'trn_prompt') {
      return play.apply((before) =>
        beginTurn(before, { turnId: turnIdSchema.parse(id), promptUuid: PROMPT_UUID }, context),
      );
    },
  };
  return play;
}

export const ofType = <T extends AgentReport['type']>(reports: readonly AgentReport[], type: T) =>
  reports.filter((report): report is Extract<AgentReport, { type: T }> => report.type === type);

/** What holds for the reports of any conversation: all that begins ends once, and inside its turn. */
export function checkLaws(reports: readonly AgentReport[], options: { isOver: boolean } = { isOver: true }): void {
  const open = new Set<string>();
  const closed = new Set<string>();
  const begin = (id: string) => {
    expect(open.has(id) || closed.has(id), `${id} begins once`).toBe(false);
    open.add(id);
  };
  const end = (id: string) => {
    expect(open.delete(id), `${id} was open when it ended`).toBe(true);
    closed.add(id);
  };
  for (const report of reports) {
    if (report.type === 'item.delta') expect(open).toContain(report.itemId);
    else if (report.type !== 'turn.ended' && report.type !== 'agent.told') sessionEventSchema.parse(report);
    if (report.type === 'item.started') begin(report.itemId);
    if (report.type === 'item.ended') end(report.itemId);
    if (report.type === 'turn.started') begin(report.turnId);
    if (report.type === 'approval.withdrawn') expect(closed.has(report.approvalId)).toBe(false);
    if (report.type !== 'turn.ended') continue;
    if (!report.turnId.startsWith('trn_prompt')) end(report.turnId);
    expect([...open], 'all is closed when a turn ends').toEqual([]);
  }
  if (options.isOver) expect([...open]).toEqual([]);
}

const place = { session_id: 'native', parent_tool_use_id: null };

/** Messages as Claude Code writes them, with what a test does not care about filled in. */
export const say = {
  start: (id: string, usage = { input_tokens: 10, output_tokens: 1 }) =>
    stream({ type: 'message_start', message: { id, usage } }),
  open: (index: number, type: 'text' | 'thinking') =>
    stream({ type: 'content_block_start', index, content_block: { type } }),
  text: (index: number, text: string) =>
    stream({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } }),
  thought: (index: number, thinking: string) =>
    stream({ type: 'content_block_delta', index, delta: { type: 'thinking_delta', thinking } }),
  whole: (id: string, block: Record<string, unknown>, parent: string | null = null) => ({
    ...place,
    type: 'assistant',
    message: { id, content: [block] },
    parent_tool_use_id: parent,
  }),
  call: (id: string, name: string, input: Record<string, unknown>, parent: string | null = null) =>
    say.whole('msg_call', { type: 'tool_use', id, name, input }, parent),
  result: (id: string, content: unknown, more: Record<string, unknown> = {}, isError = false) => ({
    ...place,
    type: 'user',
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content, is_error: isError }] },
    ...more,
  }),
  mayI: (requestId: string, request: Record<string, unknown>) => ({
    type: 'control_request',
    request_id: requestId,
    request: { subtype: 'can_use_tool', ...request },
  }),
  end: (more: Record<string, unknown> = {}) => ({
    ...place,
    type: 'result',
    subtype: 'success',
    is_error: false,
    num_turns: 1,
    result: '',
    user_message_uuids: [PROMPT_UUID],
    ...more,
  }),
  system: (subtype: string, more: Record<string, unknown> = {}) => ({ ...place, type: 'system', subtype, ...more }),
};

function stream(event: Record<string, unknown>) {
  return { ...place, type: 'stream_event', event };
}
