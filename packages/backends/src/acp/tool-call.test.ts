import { createId } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import { startState } from './__fixtures__/start-state.ts';
import { runStep } from './state.ts';
import { applyChunk, endTexts } from './text.ts';
import { applyTool } from './tool-call.ts';
import { toolFieldsSchema } from './wire.ts';

const context = { now: '2026-01-01T00:00:00.000Z', createId };

test.each(['constructor', '__proto__', 'toString', ''])(
  'a call whose id is "%s" is one like any other',
  (toolCallId) => {
    let state = startState;
    const hear = (fields: object) => {
      const call = toolFieldsSchema.parse({ toolCallId, ...fields });
      const step = runStep(state, context, (next) => applyTool(next, call, 's'));
      ({ state } = step);
      return step.reports;
    };
    const [begun] = hear({ title: 'Look', kind: 'execute', status: 'in_progress', rawInput: { command: 'ls' } }).slice(
      -1,
    );
    expect(begun).toMatchObject({ type: 'item.started', item: { title: 'ls', input: { command: 'ls' } } });
    const ended = hear({ status: 'completed' });
    expect(ended).toMatchObject([{ type: 'item.ended', item: { status: 'completed', input: { command: 'ls' } } }]);
    expect(hear({ status: 'completed' })).toEqual([]);
  },
);

test.each(['constructor', '__proto__'])('a session whose id is "%s" is one like any other', (sessionId) => {
  const { state, reports } = runStep(startState, context, (next) => {
    applyTool(next, toolFieldsSchema.parse({ toolCallId: 'one', status: 'completed', title: 'Look' }), sessionId);
    for (const text of ['Hel', 'lo'])
      applyChunk(next, { sessionId, type: 'agent-message', content: { type: 'text', text }, messageId: undefined });
    endTexts(next);
  });
  const started = reports.flatMap((report) => (report.type === 'item.started' ? [report.parentItemId] : []));
  expect(started).toEqual([undefined, undefined]);
  expect(reports.at(-1)).toMatchObject({ type: 'item.ended', item: { type: 'agent-message', text: 'Hello' } });
  expect(state.texts).toEqual({});
});

test('a command of Codex is one, whatever it says that it does, and what it prints is shown', () => {
  const tell = (state: typeof startState, fields: object) =>
    runStep(state, context, (next) =>
      applyTool(next, toolFieldsSchema.parse({ toolCallId: 'exec-1', ...fields }), 's'),
    );
  const said = { name: 'exec_command', kind: 'read', title: 'List files', status: 'in_progress' };
  const { state } = tell(startState, said);
  const _meta = { terminal_output_delta: { data: '0\n' } };
  const { reports } = tell(state, { status: 'completed', rawOutput: { exit_code: 0 }, _meta });
  const output = [{ type: 'terminal', text: '0', exitCode: 0 }];
  expect(reports.at(-1)).toMatchObject({ type: 'item.ended', item: { kind: 'execute', output } });
});

test('what a subagent of Qwen Code calls stands under the call that started it', () => {
  const tell = (state: typeof startState, fields: object) =>
    runStep(state, context, (next) => applyTool(next, toolFieldsSchema.parse(fields), 's'));
  const rawInput = { prompt: 'Count' };
  const called = {
    toolCallId: 'one',
    status: 'in_progress',
    title: 'Agent: Count',
    rawInput,
    _meta: { toolName: 'agent' },
  };
  const { state, reports } = tell(startState, called);
  const [itemId] = reports.flatMap((report) => (report.type === 'item.started' ? [report.itemId] : []));
  const _meta = { toolName: 'run_shell_command', parentToolCallId: 'one' };
  const inner = { toolCallId: 'two', kind: 'execute', title: 'Shell', rawInput: { command: 'ls' }, _meta };
  expect(tell(state, inner).reports).toMatchObject([{ type: 'item.started', parentItemId: itemId }]);
});

test('the list that OpenCode tells only as what it calls its tool with is a plan', () => {
  const tell = (state: typeof startState, fields: object) =>
    runStep(state, context, (next) =>
      applyTool(next, toolFieldsSchema.parse({ toolCallId: 'one', kind: 'other', ...fields }), 's'),
    );
  const { state: announced } = tell(startState, { title: 'todowrite', status: 'pending', rawInput: {} });
  const rawInput = { todos: [{ content: 'Look', status: 'in_progress', priority: 'high' }] };
  const { state } = tell(announced, { title: 'todowrite', status: 'in_progress', rawInput });
  const { reports } = tell(state, { title: '1 todos', status: 'completed' });
  const entries = [{ title: 'Look', status: 'in-progress' }];
  expect(reports).toMatchObject([
    { type: 'plan.updated', entries },
    { type: 'item.ended', item: { tool: 'todowrite' } },
  ]);
  expect(tell(state, { status: 'failed' }).reports.map(({ type }) => type)).toEqual(['item.ended']);
});

describe('subagents of Copilot', () => {
  const tell = (state: typeof startState, fields: object) =>
    runStep(state, context, (next) => applyTool(next, toolFieldsSchema.parse(fields), 's'));
  const start = (state: typeof startState, toolCallId: string) => {
    const rawInput = { agent_type: 'general-purpose', name: 'counter', prompt: 'Count', mode: 'sync' };
    const said = { toolCallId, title: 'Count files', kind: 'other', status: 'pending', rawInput };
    const step = tell(state, said);
    const [itemId] = step.reports.flatMap((report) => (report.type === 'item.started' ? [report.itemId] : []));
    return { ...step, itemId };
  };
  const work = (state: typeof startState, toolCallId: string, agentId: string) => {
    const _meta = { 'github.com/copilot': { agentId } };
    const said = { toolCallId, title: 'Count', kind: 'execute', status: 'pending', rawInput: { command: 'ls' }, _meta };
    const step = tell(state, said);
    const parents = step.reports.flatMap((report) => (report.type === 'item.started' ? [report.parentItemId] : []));
    return { ...step, parents };
  };
  const copilot = { ...startState, agent: 'Copilot' };

  test('stand under the one call that started one', () => {
    const first = start(copilot, 'one');
    expect(first.reports.at(-1)).toMatchObject({ type: 'item.started', item: { kind: 'subagent' } });
    const inner = work(first.state, 'two', 'agent-1');
    expect(inner.parents).toEqual([first.itemId]);
    expect(work(inner.state, 'three', 'agent-1').parents).toEqual([first.itemId]);
    const second = start(inner.state, 'four');
    expect(work(second.state, 'five', 'agent-2').parents).toEqual([second.itemId]);
  });

  test('stand under none where it could be either of two', () => {
    const { state } = start(start(copilot, 'one').state, 'two');
    expect(work(state, 'three', 'agent-1').parents).toEqual([undefined]);
  });
});
