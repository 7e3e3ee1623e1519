import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VERSION } from './__fixtures__/open-codex.ts';
import {
  answer,
  checkLaws,
  createTestClock,
  findCommands,
  items,
  said,
  setStage,
  tools,
  waitForFile,
} from './__fixtures__/stage.ts';

const stage = setStage();

test('says what it is and offers, streams a turn, and ends when told', async () => {
  const codex = stage.open();
  expect(await codex.run('[scene simple] hello')).toMatchObject({
    outcome: 'completed',
    point: expect.any(String),
    usage: { inputTokens: 1050, outputTokens: 20, cacheReadTokens: 100 },
  });
  expect(codex.of('agent.started')).toMatchObject([
    { version: VERSION, pid: expect.any(Number), nativeId: expect.any(String) },
  ]);
  await codex.until((report) => report.type === 'agent.ready');
  const ready = codex.of('agent.ready').at(-1);
  expect(ready?.models.find((model) => model.id === 'gpt-5.5')?.efforts).toContain('high');
  expect(ready?.modes.map(({ id }) => id)).toContain('plan');
  expect(ready?.commands.map(({ name }) => name)).toContain('compact');
  expect(codex.of('session.configured')).toMatchObject([{ model: expect.any(String), mode: 'ask', by: 'agent' }]);
  expect(items(codex)).toEqual([
    { type: 'reasoning', text: 'The user greets me. A short answer will do.' },
    { type: 'agent-message', text: 'Hello from the rehearsal. I heard you.' },
  ]);
  expect(codex.of('item.delta').length).toBeGreaterThan(2);
  expect(codex.of('usage.updated').at(-1)?.context?.size).toBeGreaterThan(0);
  await codex.session.stop();
  expect(codex.reports.at(-1)).toMatchObject({ type: 'agent.exited', code: 0, expected: true });
  expect(codex.of('raw.received')).toEqual([]);
  checkLaws(codex.reports);
});

// The newest models call their tools from code of theirs; older ones call them one by one.
describe.each(['gpt-6.1-sol', 'gpt-5.5'])('%s', (model) => {
  test('runs a command that was allowed once, and takes a note with a refusal', async () => {
    const codex = stage.open({ model });
    const first = codex.run('[scene approval] Write the note');
    await answer(codex, 'allow');
    expect(await first).toMatchObject({ outcome: 'completed' });
    expect(await codex.read('note.txt')).toBe('hello\n');
    expect(codex.of('approval.requested')).toMatchObject([
      { title: "printf 'hello\\n' > note.txt", action: { kind: 'execute', tool: 'exec_command' } },
    ]);
    expect(tools(codex)).toMatchObject([
      {
        kind: 'execute',
        title: "printf 'hello\\n' > note.txt",
        status: 'completed',
        output: [{ type: 'terminal', exitCode: 0 }],
      },
    ]);
    expect(said(codex)).toContain('The note is written.');
    const second = codex.run('[scene approval] Write the note');
    await answer(codex, 'deny', { note: 'Not in this folder', nth: 2 });
    expect(await second).toMatchObject({ outcome: 'completed' });
    expect(tools(codex).at(-1)).toMatchObject({ status: 'denied' });
    expect(said(codex)).toContain('I was told: ');
    expect(said(codex)).toContain('The user declined this, and says: Not in this folder');
  });

  test('shows edits as diffs, and asks for each', async () => {
    await writeFile(join(stage.place.cwd, 'a.txt'), 'zero\none\nthree\n');
    const codex = stage.open({ model });
    const turn = codex.run('Please edit it');
    await answer(codex, 'allow');
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(await codex.read('a.txt')).toBe('zero\ntwo\nthree\n');
    expect(codex.of('approval.requested')).toMatchObject([{ title: 'Edit a.txt', action: { kind: 'edit' } }]);
    expect(tools(codex)).toMatchObject([
      {
        kind: 'edit',
        title: 'Edit a.txt',
        output: [
          {
            type: 'diff',
            path: join(stage.place.cwd, 'a.txt'),
            added: 1,
            removed: 1,
            patch: expect.stringContaining('-one\n+two'),
          },
        ],
      },
    ]);
  });

  test('stops a running command, and nothing of it is left', async () => {
    const codex = stage.open({ model, mode: 'auto' });
    const turn = codex.run('Please leave something running');
    await waitForFile(codex, 'pid.txt');
    await codex.until((report) => report.type === 'item.started' && report.item.type === 'tool-call');
    expect(findCommands(stage.place.cwd)).not.toEqual([]);
    await codex.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(findCommands(stage.place.cwd)).toEqual([]);
    expect(tools(codex)).toMatchObject([{ status: 'interrupted' }]);
    expect(readdirSync(stage.place.cwd)).toEqual(['pid.txt']);
    expect(await codex.run('hello')).toMatchObject({ outcome: 'completed' });
    await codex.session.stop();
    checkLaws(codex.reports);
  });
});

test('does not ask again for what was always allowed', async () => {
  const codex = stage.open();
  const first = codex.run('[scene approval] Write the note');
  await answer(codex, 'always');
  await first;
  expect(await codex.run('[scene approval] Write the note')).toMatchObject({ outcome: 'completed' });
  expect(codex.of('approval.requested').length).toBe(1);
  expect(tools(codex).map(({ status }) => status)).toEqual(['completed', 'completed']);
});

test('works by itself in the folder, and asks to reach beyond it', async () => {
  const codex = stage.open({ mode: 'auto' });
  expect(await codex.run('[scene approval] Write the note')).toMatchObject({ outcome: 'completed' });
  expect(codex.of('approval.requested')).toEqual([]);
  const turn = codex.run('[scene codex] Please go beyond');
  expect(await codex.nth('approval.requested')).toMatchObject({ risk: { reasons: ['May I go beyond?'] } });
  await answer(codex, 'allow');
  await turn;
  expect(await codex.read('../beyond.txt')).toBe('beyond\n');
});

test('does what it likes with full access, and nothing in plan mode', async () => {
  const codex = stage.open({ mode: 'full-access' });
  await codex.run('Please reach out');
  expect(await codex.read('../beyond.txt')).toBe('beyond\n');
  await codex.session.configure?.({ mode: 'plan' });
  await codex.run('[scene approval] Write the note');
  expect(existsSync(join(stage.place.cwd, 'note.txt'))).toBe(false);
  await codex.session.configure?.({ mode: 'full-access' });
  await codex.run('[scene approval] Write the note');
  expect(await codex.read('note.txt')).toBe('hello\n');
});

test('takes answers to its questions', async () => {
  const codex = stage.open();
  const turn = codex.run('[scene question] Set up the project');
  const { questionId, questions } = await codex.nth('question.asked');
  expect(questions[0]).toMatchObject({
    question: 'Which colour shall it be?',
    options: [{ label: 'Red' }, { label: 'Blue' }],
  });
  await codex.session.answerQuestion?.({
    questionId,
    answers: { q1: 'Blue', 'Which parts do you want?': ['Server', 'Docs'] },
  });
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(said(codex)).toContain('Blue');
  expect(said(codex)).toContain('"Server","Docs"');
});

test('shows the plan it keeps', async () => {
  const codex = stage.open({ mode: 'auto' });
  await codex.run('[scene todo] Work');
  expect(codex.of('plan.updated').at(-1)?.entries).toEqual([
    { title: 'Look around', status: 'completed' },
    { title: 'Write the note', status: 'completed' },
  ]);
});

test('stops in the middle of a text and keeps what was said', async () => {
  const codex = stage.open();
  const turn = codex.run('[scene long-stream] go');
  await codex.nth('item.delta', 5);
  await codex.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(said(codex)).toContain('The story');
  expect(await codex.run('[scene simple] hello')).toMatchObject({ outcome: 'completed' });
});

test('withdraws an open approval when it is interrupted', async () => {
  const codex = stage.open();
  const turn = codex.run('[scene approval] Write the note');
  const { approvalId } = await codex.nth('approval.requested');
  await codex.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(codex.of('approval.withdrawn')).toMatchObject([{ approvalId }]);
  await expect(codex.session.answerApproval?.({ approvalId, option: 'allow' })).rejects.toMatchObject({
    kind: 'approval-already-answered',
  });
});

test('reads what is added to a running turn', async () => {
  const codex = stage.open({ mode: 'auto' });
  await expect(codex.session.steer?.([{ type: 'text', text: 'too early' }])).rejects.toMatchObject({
    kind: 'turn-not-running',
  });
  const turn = codex.run('Please count words');
  await codex.nth('item.delta', 3);
  await codex.session.steer?.([{ type: 'text', text: 'and remember the elephant' }]);
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(said(codex)).toContain('You said and remember the elephant');
});

test('changes model, effort and mode while it runs, and refuses modes there are not', async () => {
  const codex = stage.open({ mode: 'auto' });
  await codex.run('hello');
  await codex.session.configure?.({ model: 'gpt-5.5', effort: 'high', mode: 'ask' });
  const turn = codex.run('[scene approval] Write the note');
  await answer(codex, 'allow');
  await turn;
  expect(stage.rehearsal.requests().at(-1)).toMatchObject({
    model: 'gpt-5.5',
    body: { reasoning: { effort: 'high' } },
  });
  await expect(codex.session.configure?.({ mode: 'yolo' })).rejects.toMatchObject({ kind: 'invalid-input' });
});

test('takes images and files in a prompt', async () => {
  const codex = stage.open();
  const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await codex.run([
    { type: 'text', text: '[scene image] Look' },
    { type: 'image', mediaType: 'image/png', data },
    { type: 'file', path: 'notes.txt' },
  ]);
  expect(said(codex)).toContain('I see 1: image/png');
  expect(stage.rehearsal.requests().at(-1)?.prompt).toContain('`notes.txt`');
});

test('nests what a subagent does under the call that began it', async () => {
  const codex = stage.open({ mode: 'auto' });
  await codex.run('[scene subagent] Let a subagent look');
  const call = await codex.until(
    (report) => report.type === 'item.started' && report.item.type === 'tool-call' && report.item.kind === 'subagent',
  );
  const inner = await codex.until((report) => report.type === 'item.started' && report.parentItemId !== undefined);
  expect(inner).toMatchObject({ parentItemId: call.type === 'item.started' ? call.itemId : '' });
  await codex.session.stop();
  checkLaws(codex.reports);
});

test.each([
  ['401', 'backend-not-authenticated'],
  ['429', 'rate-limited'],
  ['500', 'model-failed'],
  ['overloaded', 'model-failed'],
  ['400', 'model-failed'],
  ['drop', 'model-failed'],
])('says why a turn failed: %s', async (fault, kind) => {
  const codex = stage.open({}, stage.another({ bounds: { limitMs: 100 } }));
  const ended = await codex.run(`[scene errors] ${fault}`);
  expect(ended).toMatchObject({ outcome: 'failed', error: { kind, message: expect.stringMatching(/\. \S.*\.$/) } });
  expect(await codex.run('[scene codex] hello')).toMatchObject({ outcome: 'completed' });
});

test('says that the model cannot be reached', async () => {
  const codex = stage.open({ env: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } });
  const ended = await codex.run('hello');
  expect(ended).toMatchObject({ outcome: 'failed', error: { message: expect.stringContaining('cannot be reached') } });
});

test('fails a turn whose model hangs, by its own clock, and can go on', async () => {
  const clock = createTestClock();
  const codex = stage.open({}, stage.another({ clock, bounds: { quietMs: 120_000, hangMs: 600_000 } }));
  const turn = codex.run('[scene errors] hang mid-stream');
  await codex.until((report) => report.type === 'item.delta' && report.text.includes('beginning'));
  clock.advance(120_000);
  expect(await codex.nth('notice.raised')).toMatchObject({ text: expect.stringContaining('quiet for 2 min') });
  clock.advance(480_000);
  expect(await turn).toMatchObject({ outcome: 'failed', error: { kind: 'agent-unresponsive' } });
  expect(await codex.run('[scene codex] hello')).toMatchObject({ outcome: 'completed' });
});

test('keeps up with an output of megabytes', async () => {
  const codex = stage.open({ mode: 'auto' });
  expect(await codex.run('Please give much output')).toMatchObject({ outcome: 'completed' });
  const [tool] = tools(codex);
  expect(tool).toMatchObject({
    status: 'completed',
    output: [{ type: 'terminal', exitCode: 0, cut: expect.any(Number) }],
  });
});

test('sums up on /compact', async () => {
  const codex = stage.open();
  await codex.run('hello');
  expect(await codex.run('/compact')).toMatchObject({ outcome: 'completed' });
  expect(codex.of('notice.raised').map(({ text }) => text)).toContain('The conversation was compacted.');
});

test('stops its subagents and their commands with it', async () => {
  const codex = stage.open({ mode: 'auto' });
  const turn = codex.run('Please delegate');
  await waitForFile(codex, 'pid.txt');
  await codex.until((report) => report.type === 'item.started' && report.parentItemId !== undefined);
  await codex.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(findCommands(stage.place.cwd)).toEqual([]);
  expect(tools(codex).map(({ status }) => status)).not.toContain('completed');
  expect(await codex.run('hello')).toMatchObject({ outcome: 'completed' });
});

describe('a command that is allowed when somebody has more to say', () => {
  test('is told as it went when it is quick, although Codex does not wait for it', async () => {
    // However slow this machine is.
    const clock = { now: Date.now, after: () => () => undefined };
    const codex = stage.open({}, stage.another({ clock }));
    const turn = codex.run('[scene approval] go');
    const { approvalId } = await codex.nth('approval.requested');
    await codex.session.steer?.([{ type: 'text', text: 'Be brief' }]);
    await codex.session.answerApproval?.({ approvalId, option: 'allow' });
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(tools(codex)).toMatchObject([{ status: 'completed', output: [{ type: 'terminal', exitCode: 0 }] }]);
    expect(await codex.read('note.txt')).toBe('hello\n');
    await codex.session.stop();
    checkLaws(codex.reports);
  });

  test('runs on in the background when it is not, and can be stopped', async () => {
    const codex = stage.open();
    const turn = codex.run('Please leave something running');
    const { approvalId } = await codex.nth('approval.requested');
    await codex.session.steer?.([{ type: 'text', text: 'Be brief' }]);
    await codex.session.answerApproval?.({ approvalId, option: 'allow' });
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(tools(codex)).toMatchObject([{ status: 'completed', output: [{ text: '[runs on in the background]' }] }]);
    await waitForFile(codex, 'pid.txt');
    await codex.session.stop();
    expect(findCommands(stage.place.cwd)).toEqual([]);
    checkLaws(codex.reports);
  });

  test('does not begin any more when the turn is interrupted at once', async () => {
    const codex = stage.open();
    const turn = codex.run('Please leave something running');
    const { approvalId } = await codex.nth('approval.requested');
    await codex.session.answerApproval?.({ approvalId, option: 'allow' });
    await codex.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(findCommands(stage.place.cwd)).toEqual([]);
    expect(await codex.run('hello')).toMatchObject({ outcome: 'completed' });
    expect(findCommands(stage.place.cwd)).toEqual([]);
    await codex.session.stop();
    checkLaws(codex.reports);
  });
});
