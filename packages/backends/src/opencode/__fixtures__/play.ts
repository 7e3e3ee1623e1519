import type { AgentReport } from '@baton/core';
import { sessionEventSchema, turnIdSchema } from '@baton/protocol';
import { expect } from 'vitest';
import type { TranslateContext } from '../../agent/step.ts';
import { type OpencodeState, type Translation, createState } from '../state.ts';
import { translate } from '../translate.ts';
import { beginTurn } from '../turn.ts';
import { parseEvent } from '../wire.ts';

const NOW = '2026-01-02T03:04:05.000Z';

/** Ids that count up, and a time that stands still. */
export function createTestContext(): TranslateContext {
  const prefixes: Readonly<Record<string, string>> = { turn: 'trn', item: 'itm', approval: 'apr', question: 'qst' };
  let count = 0;
  const createId = (kind: string) => `${prefixes[kind] ?? kind}_${(count += 1)}`;
  return { now: NOW, createId: createId as TranslateContext['createId'] };
}

/** A conversation that a test plays event by event. */
export interface Play {
  state: OpencodeState;
  reports: AgentReport[];
  /** Takes events as OpenCode sends them; answers what they were reported as. */
  take(...events: unknown[]): AgentReport[];
  apply(work: (state: OpencodeState, context: TranslateContext) => Translation): AgentReport[];
  prompt(promptId?: string): AgentReport[];
}

export function createPlay(start: Partial<OpencodeState> = {}): Play {
  const context = createTestContext();
  const choice = { model: 'rehearsal/scripted', mode: 'build', effort: undefined };
  // The time of a recording is not that of a test.
  const patience = { retries: Infinity, waitMs: Infinity };
  const state = createState({ cwd: '/home/dev/acp/work', nativeId: 'ses_1', ...choice, patience });
  let turns = 0;
  const play: Play = {
    state: { ...state, ...start },
    reports: [],
    apply(work) {
      const next = work(play.state, context);
      play.state = next.state;
      play.reports.push(...next.reports);
      return next.reports;
    },
    take: (...events) =>
      events.flatMap((payload) => {
        const event = parseEvent(payload);
        return event === undefined ? [] : play.apply((before) => translate(before, event, context));
      }),
    prompt(promptId = 'msg_1') {
      const turnId = turnIdSchema.parse(`trn_prompt${(turns += 1)}`);
      return play.apply((before) => beginTurn(before, { turnId, promptId }, context));
    },
  };
  return play;
}

export const ofType = <T extends AgentReport['type']>(reports: readonly AgentReport[], type: T) =>
  reports.filter((report): report is Extract<AgentReport, { type: T }> => report.type === type);

/** What holds for the reports of any conversation: all that begins ends once, and inside its turn. */
export function checkLaws(reports: readonly AgentReport[]): void {
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
    else if (report.type !== 'turn.ended') sessionEventSchema.parse(report);
    if (report.type === 'item.started') begin(report.itemId);
    if (report.type === 'item.ended') end(report.itemId);
    if (report.type === 'turn.started') begin(report.turnId);
    if (report.type !== 'turn.ended') continue;
    if (!report.turnId.startsWith('trn_prompt')) end(report.turnId);
    expect([...open], 'all is closed when a turn ends').toEqual([]);
  }
}

const session = { sessionID: 'ses_1' };

/** Events as OpenCode sends them, with what a test does not care about filled in. */
export const say = {
  user: (id: string, more: object = {}) =>
    event('message.updated', { info: { id, ...session, role: 'user', time: { created: 1 }, ...more } }),
  answer: (id: string, more: object = {}) =>
    event('message.updated', { info: { id, ...session, role: 'assistant', time: { created: 2 }, ...more } }),
  done: (id: string, more: object = {}) => say.answer(id, { time: { created: 2, completed: 3 }, ...more }),
  part: (messageID: string, part: object) =>
    event('message.part.updated', { part: { id: 'prt_1', ...session, messageID, ...part } }),
  text: (messageID: string, text: string, more: object = {}) => say.part(messageID, { type: 'text', text, ...more }),
  tool: (messageID: string, tool: string, state: object, more: object = {}) =>
    say.part(messageID, { type: 'tool', tool, callID: 'call_1', state, ...more }),
  delta: (partID: string, delta: string) => event('message.part.delta', { ...session, partID, field: 'text', delta }),
  idle: () => event('session.idle', session),
  busy: () => event('session.status', { ...session, status: { type: 'busy' } }),
  error: (name: string, data: object) => event('session.error', { ...session, error: { name, data } }),
  asks: (more: object = {}) =>
    event('permission.asked', {
      id: 'per_1',
      ...session,
      permission: 'bash',
      patterns: ['ls'],
      always: ['ls *'],
      ...more,
    }),
};

export function event(type: string, properties: object) {
  return { id: 'evt_1', type, properties };
}
