import { approvalIdSchema, itemIdSchema, questionIdSchema, turnIdSchema } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import { createTimelineScript, toCall, type TimelineScript } from './timeline-script.ts';
import { noFolds, type Folds, type Row } from './row.ts';
import { toRows, type RowModel } from './to-rows.ts';

const rowsOf = (script: TimelineScript, folds: Folds = noFolds, previous?: RowModel) =>
  toRows({ timeline: script.timeline(), optimistic: [], folds }, previous);
const shape = (rows: readonly Row[]) => rows.map((row) => `${'  '.repeat(row.depth)}${row.kind} ${row.key}`);
const foldsOf = (rows: Record<string, boolean>, reasoning = false): Folds => ({
  reasoning,
  rows: new Map(Object.entries(rows)),
});

describe('what is added to a running turn', () => {
  const input = [{ type: 'text' as const, text: 'Mind the tests' }];

  test('stands before the line that says that it works, grey, until the log has it', () => {
    const script = createTimelineScript();
    script.turn('1');
    script.call('read', {});
    const steering = [{ id: 'cmd_1', turnId: turnIdSchema.parse('trn_1'), input }];
    const { rows } = toRows({ timeline: script.timeline(), optimistic: [], steering, folds: noFolds });
    expect(shape(rows).slice(1)).toEqual(['tool itm_read', 'prompt steer:cmd_1', 'working end:trn_1']);
    expect(rows.at(-2)).toMatchObject({ sending: true, within: true, input });
  });

  test('stays in its place, also in the words of the prompt', () => {
    const script = createTimelineScript();
    script.turn('1', 'Mind the tests');
    script.call('a', {});
    script.record({ type: 'turn.steered', turnId: turnIdSchema.parse('trn_1'), input, by: 'usr_1' });
    script.start('m', { type: 'agent-message', text: 'Yes' });
    script.end('m', { type: 'agent-message', text: 'Yes' });
    script.endTurn('1');
    const kinds = rowsOf(script).rows.map(({ kind }) => kind);
    expect(kinds).toEqual(['prompt', 'tool', 'prompt', 'message', 'summary']);
  });
});

describe('a turn', () => {
  test('is its prompt, what was done, and its end', () => {
    const script = createTimelineScript();
    script.turn('1');
    script.start('m', { type: 'agent-message', text: 'Hello' });
    script.end('m', { type: 'agent-message', text: 'Hello' });
    expect(shape(rowsOf(script).rows)).toEqual(['prompt prompt:trn_1', 'message itm_m', 'working end:trn_1']);
    script.endTurn('1');
    expect(shape(rowsOf(script).rows)).toEqual(['prompt prompt:trn_1', 'message itm_m', 'summary end:trn_1']);
  });

  test('that the agent began by itself has no prompt', () => {
    const script = createTimelineScript();
    script.record({ type: 'turn.started', turnId: turnIdSchema.parse('trn_1'), input: [], by: 'agent' });
    expect(shape(rowsOf(script).rows)).toEqual(['working end:trn_1']);
  });

  test('shows nothing for messages and reasoning that stayed empty', () => {
    const script = createTimelineScript();
    script.turn('1');
    script.start('m', { type: 'agent-message', text: '' });
    script.start('r', { type: 'reasoning', text: '' });
    script.end('r', { type: 'reasoning', text: ' ' });
    expect(shape(rowsOf(script).rows)).toEqual(['prompt prompt:trn_1', 'working end:trn_1']);
  });

  test('tells its failure once, even when an item told it already', () => {
    const script = createTimelineScript();
    const error = { kind: 'model-failed' as const, message: 'The key is not valid' };
    script.turn('1');
    script.start('e', { type: 'error', ...error });
    script.record({ type: 'turn.ended', turnId: turnIdSchema.parse('trn_1'), outcome: 'failed', error, durationMs: 1 });
    expect(rowsOf(script).rows.filter((row) => row.kind === 'error')).toHaveLength(1);
  });

  test('leaves out a user message that repeats its own prompt and keeps one said later', () => {
    const script = createTimelineScript();
    script.turn('1', 'Go');
    script.start('u', { type: 'user-message', parts: [{ type: 'text', text: 'Go' }] });
    script.start('v', { type: 'user-message', parts: [{ type: 'text', text: 'Stop that' }] });
    expect(shape(rowsOf(script).rows)).toEqual(['prompt prompt:trn_1', 'prompt itm_v', 'working end:trn_1']);
  });
});

describe('grouping', () => {
  test('reads and searches in a row are one line, which opens in place', () => {
    const script = createTimelineScript();
    script.turn('1');
    for (const name of ['a', 'b', 'c']) script.call(name, { kind: name === 'b' ? 'search' : 'read' });
    script.call('x', { kind: 'execute' });
    script.call('d', {});
    expect(shape(rowsOf(script).rows).slice(1, -1)).toEqual(['group group:itm_a', 'tool itm_x', 'tool itm_d']);
    expect(shape(rowsOf(script, foldsOf({ 'group:itm_a': true })).rows).slice(1, 5)).toEqual([
      'group group:itm_a',
      '  tool itm_a',
      '  tool itm_b',
      '  tool itm_c',
    ]);
  });

  test('one that failed stands alone and open', () => {
    const script = createTimelineScript();
    script.turn('1');
    script.call('a', {});
    script.call('b', { status: 'failed' });
    script.call('c', {});
    const rows = rowsOf(script).rows;
    expect(shape(rows).slice(1, -1)).toEqual(['tool itm_a', 'tool itm_b', 'tool itm_c']);
    expect(rows.map((row) => row.kind === 'tool' && row.unfolded).slice(1, -1)).toEqual([false, true, false]);
  });

  test('one that waits for an answer stands alone and carries its approval', () => {
    const script = createTimelineScript();
    const turnId = script.turn('1');
    script.call('a', {});
    script.start('b', toCall({ status: 'running' }));
    script.record({
      type: 'approval.requested',
      approvalId: approvalIdSchema.parse('apr_1'),
      turnId,
      itemId: itemIdSchema.parse('itm_b'),
      title: '/etc/hosts',
      action: { kind: 'read', tool: 'Read', input: {} },
      options: [{ id: 'allow', title: 'Allow', kind: 'allow-once' }],
    });
    const rows = rowsOf(script).rows;
    expect(shape(rows).slice(1, -1)).toEqual(['tool itm_a', 'tool itm_b']);
    expect(rows[2]).toMatchObject({ approval: { state: 'pending' } });
  });
});

describe('folding', () => {
  test('reasoning is folded unless all of it is opened, and each can differ', () => {
    const script = createTimelineScript();
    script.turn('1');
    for (const name of ['a', 'b']) script.start(name, { type: 'reasoning', text: 'Hm' });
    const open = (folds: Folds) =>
      rowsOf(script, folds).rows.flatMap((row) => (row.kind === 'reasoning' ? [row.unfolded] : []));
    expect(open(noFolds)).toEqual([false, false]);
    expect(open(foldsOf({}, true))).toEqual([true, true]);
    expect(open(foldsOf({ itm_a: false }, true))).toEqual([false, true]);
  });

  test('a command is open while it prints and folds when it is done', () => {
    const script = createTimelineScript();
    script.turn('1');
    script.start('a', toCall({ kind: 'execute', status: 'running' }));
    expect(rowsOf(script).rows[1]).toMatchObject({ unfolded: false });
    script.delta('a', 'output', { offset: 0, text: 'line\n' });
    expect(rowsOf(script).rows[1]).toMatchObject({ unfolded: true });
    script.end('a', toCall({ kind: 'execute' }));
    expect(rowsOf(script).rows[1]).toMatchObject({ unfolded: false });
  });
});

describe('nesting', () => {
  const withSubagent = () => {
    const script = createTimelineScript();
    script.turn('1');
    script.start('s', toCall({ kind: 'subagent', status: 'running' }));
    script.call('a', {}, 's');
    script.call('b', {}, 's');
    script.start('t', toCall({ kind: 'subagent', status: 'running' }), 's');
    script.call('c', {}, 't');
    return script;
  };

  test('what a subagent does is inside its call, which counts it', () => {
    const rows = rowsOf(withSubagent()).rows;
    expect(shape(rows)).toEqual(['prompt prompt:trn_1', 'tool itm_s', 'working end:trn_1']);
    expect(rows[1]).toMatchObject({ steps: 3, latest: { itemId: 'itm_t' } });
  });

  test('open subagents show theirs with indent, at any depth', () => {
    expect(shape(rowsOf(withSubagent(), foldsOf({ itm_s: true, itm_t: true })).rows)).toEqual([
      'prompt prompt:trn_1',
      'tool itm_s',
      '  group group:itm_a',
      '  tool itm_t',
      '    tool itm_c',
      'working end:trn_1',
    ]);
  });

  test('a child whose parent is not there stands by itself', () => {
    const script = createTimelineScript();
    script.turn('1');
    script.call('a', { kind: 'execute' }, 'nobody');
    script.call('b', { kind: 'execute' }, 'b');
    expect(shape(rowsOf(script).rows).slice(1, -1)).toEqual(['tool itm_a', 'tool itm_b']);
  });
});

describe('what stands between', () => {
  test('a notice stands where it came, between items and between turns', () => {
    const script = createTimelineScript();
    script.record({ type: 'notice.raised', level: 'info', text: 'before' });
    script.turn('1');
    script.start('m', { type: 'agent-message', text: 'one' });
    script.record({ type: 'notice.raised', level: 'warning', text: 'within' });
    script.start('n', { type: 'agent-message', text: 'two' });
    script.endTurn('1');
    script.record({ type: 'notice.raised', level: 'info', text: 'after' });
    expect(shape(rowsOf(script).rows)).toEqual([
      'mark mark:1',
      'prompt prompt:trn_1',
      'message itm_m',
      'mark mark:4',
      'message itm_n',
      'summary end:trn_1',
      'mark mark:7',
    ]);
  });

  test('the first start of an agent and a new title are not worth a line', () => {
    const script = createTimelineScript();
    const started = { type: 'agent.started' as const, pid: 1, version: '1' };
    script.record(started);
    script.record({ type: 'session.configured', title: 'New', by: 'usr_1' });
    expect(rowsOf(script).rows).toEqual([]);
    script.record({ type: 'agent.exited', code: 1, signal: null, expected: false });
    script.record(started);
    script.record({ type: 'session.configured', model: 'big', by: 'usr_1' });
    expect(shape(rowsOf(script).rows)).toEqual(['mark mark:3', 'mark mark:4', 'mark mark:5']);
  });

  test('a setting is worth a line when it changes, not when the agent repeats it', () => {
    const script = createTimelineScript();
    script.record({ type: 'session.configured', by: 'usr_1', model: 'big' });
    script.turn('1');
    script.call('a', {});
    script.record({ type: 'session.configured', by: 'agent', model: 'big' });
    script.record({ type: 'session.configured', by: 'agent', mode: 'plan' });
    expect(shape(rowsOf(script).rows).filter((row) => row.startsWith('mark'))).toEqual(['mark mark:1', 'mark mark:6']);
  });

  test('the plan stands in the turn it belongs to', () => {
    const script = createTimelineScript();
    const turnId = script.turn('1');
    script.record({ type: 'plan.updated', turnId, entries: [{ title: 'Read', status: 'pending' }] });
    expect(shape(rowsOf(script).rows)).toEqual(['prompt prompt:trn_1', 'plan plan:trn_1', 'working end:trn_1']);
  });

  test('an answered question stands where it was answered', () => {
    const script = createTimelineScript();
    const turnId = script.turn('1');
    const questionId = questionIdSchema.parse('qst_1');
    const questions = [{ id: 'q', question: 'Which?', multiSelect: false, options: [] }];
    script.start('m', { type: 'agent-message', text: 'one' });
    script.record({ type: 'question.asked', questionId, turnId, questions });
    expect(shape(rowsOf(script).rows)).not.toContain('answer answer:qst_1');
    script.record({ type: 'question.answered', questionId, answers: { q: 'A' }, by: 'usr_1' });
    script.start('n', { type: 'agent-message', text: 'two' });
    expect(shape(rowsOf(script).rows).slice(1, -1)).toEqual(['message itm_m', 'answer answer:qst_1', 'message itm_n']);
  });

  test('a prompt that is not in the log yet stands at the end until it is', () => {
    const script = createTimelineScript();
    const optimistic = [{ turnId: turnIdSchema.parse('trn_9'), input: [{ type: 'text' as const, text: 'Hi' }] }];
    const before = toRows({ timeline: script.timeline(), optimistic, folds: noFolds });
    expect(before.rows).toMatchObject([{ kind: 'prompt', key: 'prompt:trn_9', sending: true }]);
    script.turn('9', 'Hi');
    const after = toRows({ timeline: script.timeline(), optimistic, folds: noFolds }, before);
    expect(shape(after.rows)).toEqual(['prompt prompt:trn_9', 'working end:trn_9']);
    expect(after.rows[0]).toMatchObject({ sending: false });
  });
});

describe('identity', () => {
  const longScript = () => {
    const script = createTimelineScript();
    for (const turn of ['1', '2']) {
      script.turn(turn);
      script.call(`${turn}a`, { kind: 'execute' });
      script.call(`${turn}b`, {});
      script.call(`${turn}c`, {});
      if (turn === '1') script.endTurn(turn);
    }
    script.start('m', { type: 'agent-message', text: '' });
    script.delta('m', 'text', { offset: 0, text: 'Hel' });
    return script;
  };

  test('a delta changes the one row it belongs to', () => {
    const script = longScript();
    const before = rowsOf(script);
    script.delta('m', 'text', { offset: 3, text: 'lo' });
    const after = rowsOf(script, noFolds, before);
    expect(shape(after.rows)).toEqual(shape(before.rows));
    const changed = after.rows.filter((row, index) => row !== before.rows[index]).map((row) => row.key);
    expect(changed).toEqual(['itm_m']);
  });

  test('the same input gives the very same list', () => {
    const script = longScript();
    const before = rowsOf(script);
    expect(rowsOf(script, noFolds, before).rows).toBe(before.rows);
  });

  test('opening one row changes that row only', () => {
    const script = longScript();
    const before = rowsOf(script);
    const after = rowsOf(script, foldsOf({ itm_1a: true }), before);
    const changed = after.rows.filter((row, index) => row !== before.rows[index]).map((row) => row.key);
    expect(changed).toEqual(['itm_1a']);
  });

  test('older turns that load in front keep the rows behind them', () => {
    const script = longScript();
    const whole = script.timeline();
    const late = { ...whole, turns: whole.turns.slice(1) };
    const before = toRows({ timeline: late, optimistic: [], folds: noFolds });
    const after = toRows({ timeline: whole, optimistic: [], folds: noFolds }, before);
    expect(after.rows.slice(-before.rows.length)).toEqual(before.rows);
    expect(after.rows.at(-1)).toBe(before.rows.at(-1));
  });

  test('keys are never shared, whatever was opened', () => {
    const script = longScript();
    const folds = foldsOf({ 'group:itm_1b': true, 'group:itm_2b': true, itm_1a: true }, true);
    const keys = rowsOf(script, folds).rows.map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('step by step gives the same rows as at once', () => {
    const script = longScript();
    let model: RowModel | undefined;
    for (let index = 0; index < 5; index += 1) {
      script.delta('m', 'text', { offset: 3 + index, text: 'x' });
      script.call(`extra${index}`, { kind: index % 2 === 0 ? 'read' : 'edit' });
      model = rowsOf(script, noFolds, model);
      expect(model.rows).toEqual(rowsOf(script).rows);
    }
  });
});
