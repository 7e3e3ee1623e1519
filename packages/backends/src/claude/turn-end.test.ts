import { expect, test } from 'vitest';
import { runStep } from '../agent/step.ts';
import { PROMPT_UUID, checkLaws, createPlay, ofType, say } from './__fixtures__/play.ts';
import { extendTool } from './tool-call.ts';
import { awaitsSilence, settleTurn } from './turn-end.ts';

const foreign = { user_message_uuids: [], origin: { kind: 'task-notification' } };

test("a result of the agent's own turn does not end the prompted one", () => {
  const play = createPlay();
  play.prompt();
  play.take(say.end(foreign));
  expect(play.state.turn?.turnId).toBe('trn_prompt');
  play.take(say.end({ ...foreign, user_message_uuids: undefined }));
  expect(play.state.turn?.turnId).toBe('trn_prompt');
  play.take(say.end({ user_message_uuids: ['another', PROMPT_UUID] }));
  expect(ofType(play.reports, 'turn.ended').length).toBe(1);
});

test('a result of an older version ends the prompted turn', () => {
  const play = createPlay();
  play.prompt();
  expect(play.take(say.end({ user_message_uuids: undefined }))).toMatchObject([
    { type: 'turn.ended', outcome: 'completed' },
  ]);
});

test('a result without a turn begins none', () => {
  expect(createPlay().take(say.end(foreign))).toEqual([]);
});

test('a tool that has no result is closed as interrupted, with what it printed', () => {
  const play = createPlay();
  play.prompt();
  play.take(say.call('toolu_1', 'Bash', { command: 'make' }));
  play.apply((state, context) => runStep(state, context, (step) => extendTool(step, 'toolu_1', 'half\n')));
  play.take(say.end());
  expect(ofType(play.reports, 'item.ended')).toMatchObject([
    { item: { status: 'interrupted', output: [{ type: 'terminal', text: 'half\n' }] } },
  ]);
  checkLaws(play.reports);
});

test('work of a subagent after its call has returned gets a turn, which silence ends', () => {
  const play = createPlay();
  play.prompt();
  play.take(say.call('toolu_a', 'Agent', { description: 'Look' }));
  play.take(say.result('toolu_a', 'launched', { tool_use_result: { status: 'async_launched' } }), say.end());
  play.take(say.call('toolu_1', 'Bash', { command: 'ls' }, 'toolu_a'));
  expect(ofType(play.reports, 'turn.started')).toEqual([]);
  play.take(say.result('toolu_1', 'file', { parent_tool_use_id: 'toolu_a' }));
  expect(ofType(play.reports, 'turn.started')).toMatchObject([{ by: 'agent' }]);
  expect(awaitsSilence(play.state)).toBe(true);
  play.apply((state, context) => settleTurn(state, { outcome: 'completed' }, context));
  expect(ofType(play.reports, 'turn.ended').map(({ outcome }) => outcome)).toEqual(['completed', 'completed']);
  checkLaws(play.reports);
});

test('what a background agent wants to do keeps its turn open until it is answered', () => {
  const play = createPlay();
  play.prompt();
  play.take(
    say.call('toolu_a', 'Agent', {}),
    say.system('task_started', { task_id: 'task_1', tool_use_id: 'toolu_a' }),
  );
  play.take(say.result('toolu_a', 'launched'), say.end());
  play.take(say.call('toolu_1', 'Bash', { command: 'rm x' }, 'toolu_a'));
  play.take(
    say.mayI('req_1', { tool_name: 'Bash', tool_use_id: 'toolu_1', input: { command: 'rm x' }, agent_id: 'task_1' }),
  );
  expect(ofType(play.reports, 'turn.started').length).toBe(1);
  expect(awaitsSilence(play.state)).toBe(false);
});

test('a prompt closes the turn the agent had by itself', () => {
  const play = createPlay();
  play.take(say.start('msg_1'), say.open(0, 'text'), say.text(0, 'By myself'));
  play.prompt();
  expect(ofType(play.reports, 'turn.ended')).toMatchObject([{ outcome: 'completed' }]);
  play.take(say.end());
  checkLaws(play.reports);
});

test('an agent that says it has nothing to do ends its turn by silence', () => {
  const play = createPlay();
  play.take(say.start('msg_1'), say.whole('msg_1', { type: 'text', text: 'Hm' }));
  expect(awaitsSilence(play.state)).toBe(false);
  play.take(say.system('session_state_changed', { state: 'idle' }));
  expect(awaitsSilence(play.state)).toBe(true);
});

test.each([
  ['cancelled', 'interrupted'],
  ['discarded', 'failed'],
  ['refused', 'failed'],
])('a prompt that the agent %s is %s', (state, outcome) => {
  const play = createPlay();
  play.prompt();
  play.take({ type: 'command_lifecycle', command_uuid: 'another', state });
  expect(play.take({ type: 'command_lifecycle', command_uuid: PROMPT_UUID, state })).toMatchObject([{ outcome }]);
});

test('the end of work in the background is told, the end of a foreground task is not', () => {
  const play = createPlay();
  play.prompt();
  play.take(say.call('toolu_1', 'Bash', { command: 'make' }));
  const ended = say.system('task_notification', {
    task_id: 'task_1',
    tool_use_id: 'toolu_1',
    status: 'failed',
    summary: 'make failed',
  });
  expect(play.take(ended)).toEqual([]);
  play.take(say.result('toolu_1', 'in the background'), say.end());
  expect(play.take(ended)).toMatchObject([
    { type: 'notice.raised', level: 'warning', text: 'Background work failed: make failed' },
  ]);
});

test('cost is what the total grew by, or what a newer version says it grew by', () => {
  const play = createPlay();
  const costs = () => ofType(play.reports, 'turn.ended').map(({ costUsd }) => costUsd);
  play.prompt();
  play.take(say.end({ total_cost_usd: 1 }));
  play.prompt();
  play.take(say.end({ total_cost_usd: 1.5 }));
  play.prompt();
  play.take(
    say.end({ total_cost_usd: 9, model_usage_since_last_result: { a: { costUSD: 0.25 }, b: { costUSD: 0.5 } } }),
  );
  expect(costs()).toEqual([1, 0.5, 0.75]);
});
