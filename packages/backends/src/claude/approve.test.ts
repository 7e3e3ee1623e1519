import { approvalIdSchema, questionIdSchema } from '@baton/protocol';
import { expect, test } from 'vitest';
import { runStep } from '../agent/step.ts';
import { type Play, checkLaws, createPlay, ofType, say } from './__fixtures__/play.ts';
import { type ControlReply, answerApproval } from './approve.ts';
import { answerQuestion } from './question.ts';

const RULE = {
  type: 'addRules',
  rules: [{ toolName: 'Bash', ruleContent: 'npm test:*' }],
  behavior: 'allow',
  destination: 'localSettings',
};
const command = { tool_name: 'Bash', tool_use_id: 'toolu_1', input: { command: 'npm test' } };

function answer(
  play: Play,
  option: string,
  more: { note?: string; input?: Record<string, unknown> } = {},
): ControlReply {
  const replies: ControlReply[] = [];
  const approvalId =
    ofType(play.reports, 'approval.requested').at(-1)?.approvalId ?? approvalIdSchema.parse('apr_none');
  play.apply((state, context) =>
    runStep(state, context, (step) => replies.push(answerApproval(step, { approvalId, option, ...more }))),
  );
  const [reply] = replies;
  if (reply === undefined) throw new Error('There was no reply');
  return reply;
}

function ask(request: Record<string, unknown>): Play {
  const play = createPlay();
  play.prompt();
  play.take(say.mayI('req_1', request));
  return play;
}

test('offers to allow, to allow always in words, and to deny with a note', () => {
  const [approval] = ofType(ask({ ...command, permission_suggestions: [RULE] }).reports, 'approval.requested');
  expect(approval).toMatchObject({
    title: 'npm test',
    itemId: 'itm_1',
    options: [
      { id: 'allow', kind: 'allow-once' },
      { id: 'always', kind: 'allow-always', title: 'Always allow `npm test:*` in this project' },
      { id: 'deny', kind: 'deny-once', takesNote: true },
    ],
  });
});

test('always gives the input back, or the input the user changed', () => {
  expect(answer(ask(command), 'allow')).toEqual({
    requestId: 'req_1',
    response: { behavior: 'allow', updatedInput: { command: 'npm test' } },
  });
  expect(answer(ask(command), 'allow', { input: { command: 'npm t' } }).response).toMatchObject({
    updatedInput: { command: 'npm t' },
  });
});

test('saves a rule and gives it for the session too', () => {
  const { response } = answer(ask({ ...command, permission_suggestions: [RULE] }), 'always');
  expect(response).toMatchObject({ updatedPermissions: [RULE, { ...RULE, destination: 'session' }] });
});

test('makes a change of mode a choice of its own and leaves out what it does not know', () => {
  const suggestions = [
    { type: 'setMode', mode: 'acceptEdits', destination: 'session' },
    { type: 'new' },
    { ...RULE, behavior: 'deny' },
  ];
  const play = ask({
    tool_name: 'Edit',
    tool_use_id: 'toolu_1',
    input: { file_path: '/etc/hosts' },
    permission_suggestions: suggestions,
  });
  const [approval] = ofType(play.reports, 'approval.requested');
  expect(approval).toMatchObject({
    title: 'Edit /etc/hosts',
    options: [{ id: 'allow' }, { id: 'mode-acceptEdits' }, { id: 'deny' }],
  });
  expect(answer(play, 'mode-acceptEdits').response).toMatchObject({ updatedPermissions: [suggestions[0]] });
});

test('offers no rule where the agent wants none', () => {
  const play = ask({ ...command, permission_suggestions: [RULE], suppress_always_allow_rule: true });
  expect(ofType(play.reports, 'approval.requested')[0]?.options.map(({ id }) => id)).toEqual(['allow', 'deny']);
});

test('tells the agent the note of who denied, and shows the call as denied', () => {
  const play = ask(command);
  expect(answer(play, 'deny', { note: ' use pnpm ' }).response).toEqual({ behavior: 'deny', message: 'use pnpm' });
  play.take(say.result('toolu_1', 'use pnpm', {}, true), say.end());
  expect(ofType(play.reports, 'item.ended')).toMatchObject([
    { item: { status: 'denied', output: [{ text: 'use pnpm' }] } },
  ]);
});

test('says something useful to the agent when there is no note', () => {
  expect(answer(ask(command), 'deny', { note: ' ' }).response).toMatchObject({
    message: expect.stringContaining('does not want this'),
  });
});

test('refuses a second answer and an option that was not offered', () => {
  const play = ask(command);
  expect(() => answer(play, 'maybe')).toThrow('there is no option "maybe"');
  answer(play, 'allow');
  expect(() => answer(play, 'allow')).toThrow('no longer waits');
});

test('asks for the whole of a long command, on its lines', () => {
  const long = `echo ${'x'.repeat(1000)}\necho end`;
  expect(ofType(ask({ ...command, input: { command: long } }).reports, 'approval.requested')[0]?.title).toBe(long);
});

test('warns of what the agent itself takes for dangerous', () => {
  const play = ask({ ...command, decision_reason: 'It writes to a startup file', decision_reason_type: 'safetyCheck' });
  expect(ofType(play.reports, 'approval.requested')[0]?.risk).toEqual({
    level: 'high',
    reasons: ['It writes to a startup file'],
  });
});

test('withdraws what the agent takes back, and what is open when the turn ends', () => {
  const play = ask(command);
  expect(play.take({ type: 'control_cancel_request', request_id: 'req_1' })).toMatchObject([
    { type: 'approval.withdrawn' },
  ]);
  play.take(say.mayI('req_2', command), say.end());
  expect(ofType(play.reports, 'approval.withdrawn').length).toBe(2);
  checkLaws(play.reports);
});

test('places the request of a subagent under its call, even when it comes before the call of its tool', () => {
  const play = createPlay();
  play.prompt();
  play.take(say.call('toolu_a', 'Agent', { description: 'Look around' }));
  play.take(say.system('task_started', { task_id: 'task_1', tool_use_id: 'toolu_a', task_type: 'local_agent' }));
  play.take(
    say.mayI('req_1', { ...command, agent_id: 'task_1' }),
    say.call('toolu_1', 'Bash', command.input, 'toolu_a'),
  );
  const started = ofType(play.reports, 'item.started');
  expect(started.map(({ parentItemId }) => parentItemId)).toEqual([undefined, started[0]?.itemId]);
});

test('gives each way on from a plan its mode', () => {
  const plan = { tool_name: 'ExitPlanMode', tool_use_id: 'toolu_1', input: { plan: '# Plan' } };
  const setMode = (mode: string) => [{ type: 'setMode', mode, destination: 'session' }];
  expect(answer(ask(plan), 'accept-edits').response).toMatchObject({ updatedPermissions: setMode('acceptEdits') });
  expect(answer(ask(plan), 'ask-edits').response).toMatchObject({ updatedPermissions: setMode('default') });
  expect(answer(ask(plan), 'keep-planning', { note: 'smaller' }).response).toEqual({
    behavior: 'deny',
    message: 'smaller',
  });
});

test('gives answers by the text of their questions', () => {
  const questions = [
    { question: 'Which colour?', multiSelect: false, options: [{ label: 'Red' }] },
    { question: 'Which parts?', multiSelect: true, options: [{ label: 'A' }, { label: 'B' }] },
    { question: 'Why?', options: [] },
  ];
  const play = ask({ tool_name: 'AskUserQuestion', tool_use_id: 'toolu_1', input: { questions } });
  const questionId = ofType(play.reports, 'question.asked')[0]?.questionId ?? questionIdSchema.parse('qst_none');
  const answers = { q1: 'Something else', 'Which parts?': ['A', 'B'] };
  play.apply((state, context) =>
    runStep(state, context, (step) => {
      const { response } = answerQuestion(step, { questionId, answers });
      expect(response).toMatchObject({
        updatedInput: { questions, answers: { 'Which colour?': 'Something else', 'Which parts?': 'A, B' } },
      });
    }),
  );
});

test('asks for approval of questions that cannot be shown', () => {
  const play = ask({ tool_name: 'AskUserQuestion', tool_use_id: 'toolu_1', input: { questions: 'what?' } });
  expect(ofType(play.reports, 'approval.requested').length).toBe(1);
});
