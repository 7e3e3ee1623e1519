import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createHarness, type Harness } from './__fixtures__/worker-harness.ts';

let harness: Harness;
afterEach(() => harness.close());

const inside = (name: string): string => path.join(harness.cwd, name);
const typesOf = (): string[] => harness.log.map(({ event }) => event.type);

describe.each(['anthropic', 'openai'] as const)('with %s', (provider) => {
  test('streams thinking and words, counts tokens and ends the turn', async () => {
    harness = await createHarness({ scenario: 'simple', provider });
    const end = await harness.turn('Say hello');
    expect(end).toMatchObject({ outcome: 'completed', usage: { outputTokens: 20 } });
    expect(harness.items()).toEqual([
      { type: 'reasoning', text: 'The user greets me. A short answer will do.' },
      { type: 'agent-message', text: 'Hello from the rehearsal. I heard you.' },
    ]);
    const streamed = harness.reports.flatMap((report) => (report.type === 'item.delta' ? [report.text] : []));
    expect(streamed.join('')).toContain('Hello from the rehearsal.');
  });

  test('asks before a command, runs it when allowed and tells the model', async () => {
    harness = await createHarness({ scenario: 'approval', provider });
    const ended = harness.turn('Write the note');
    const approval = await harness.next('approval.requested');
    expect(approval).toMatchObject({
      title: "printf 'hello\\n' > note.txt",
      action: { kind: 'execute', tool: 'bash' },
    });
    expect(approval.options.map((option) => option.kind)).toEqual(['allow-once', 'allow-always', 'deny-once']);
    expect(existsSync(inside('note.txt'))).toBe(false);
    await harness.answer(approval.approvalId, 'allow-once');
    expect(await ended).toMatchObject({ outcome: 'completed' });
    expect(readFileSync(inside('note.txt'), 'utf8')).toBe('hello\n');
    expect(harness.texts().at(-1)).toBe('The note is written.');
  });

  test('does not run a denied command and gives the note to the model', async () => {
    harness = await createHarness({ scenario: 'approval', provider });
    const ended = harness.turn('Write the note');
    const { approvalId } = await harness.next('approval.requested');
    await harness.answer(approvalId, 'deny', { note: 'use another name' });
    await ended;
    expect(existsSync(inside('note.txt'))).toBe(false);
    expect(harness.tools()).toMatchObject([{ tool: 'bash', status: 'denied' }]);
    expect(harness.texts().at(-1)).toContain('use another name');
  });

  test('makes several calls of one reply and gives all results back', async () => {
    harness = await createHarness({ scenario: 'parallel-tools', provider, mode: 'bypass' });
    expect(await harness.turn('Go')).toMatchObject({ outcome: 'completed' });
    expect(['one', 'two', 'three'].map((name) => readFileSync(inside(`${name}.txt`), 'utf8').trim())).toEqual([
      'one',
      'two',
      'three',
    ]);
    const events = harness.log.flatMap(({ event }) =>
      (event.type === 'item.started' || event.type === 'item.ended') && event.item.type === 'tool-call'
        ? [event.type]
        : [],
    );
    expect(events).toEqual([...Array(3).fill('item.started'), ...Array(3).fill('item.ended')]);
  });

  test('goes on with the conversation after a restart', async () => {
    harness = await createHarness({ scenario: 'echo', provider });
    await harness.turn('one');
    await harness.reopen();
    await harness.turn('two');
    expect(harness.texts()).toEqual(['You said: one', 'You said: two']);
    const last = harness.rehearsal.requests().at(-1);
    expect(last).toMatchObject({ turn: 1 });
  });

  test('shows images to the model', async () => {
    harness = await createHarness({ scenario: 'image', provider });
    await harness.turn([
      { type: 'image', mediaType: 'image/png', data: 'aGVsbG8=' },
      { type: 'text', text: 'What is it?' },
    ]);
    expect(harness.texts()).toEqual(['I see 1: image/png (8 characters).']);
  });
});

test('runs what the user wrote into the approval', async () => {
  harness = await createHarness({ scenario: 'approval' });
  const ended = harness.turn('Write the note');
  const { approvalId } = await harness.next('approval.requested');
  await harness.answer(approvalId, 'allow-once', { input: { command: 'echo other > other.txt' } });
  await ended;
  expect(existsSync(inside('note.txt'))).toBe(false);
  expect(readFileSync(inside('other.txt'), 'utf8')).toBe('other\n');
  expect(harness.tools()).toMatchObject([
    { title: 'echo other > other.txt', input: { command: 'echo other > other.txt' } },
  ]);
});

test('does not ask again for what was always allowed, also after a restart', async () => {
  harness = await createHarness({ scenario: 'approval' });
  const ended = harness.turn('Write the note');
  const { approvalId } = await harness.next('approval.requested');
  await harness.answer(approvalId, 'allow-command');
  await ended;
  await harness.turn('Again');
  await harness.reopen();
  await harness.turn('And again');
  expect(typesOf().filter((type) => type === 'approval.requested')).toHaveLength(1);
  expect(harness.tools().map((item) => item.status)).toEqual(['completed', 'completed', 'completed']);
});

test('the answer to one request covers the others it allows', async () => {
  harness = await createHarness({ scenario: 'parallel-tools' });
  const ended = harness.turn('Go');
  const [first] = [
    await harness.next('approval.requested'),
    await harness.next('approval.requested'),
    await harness.next('approval.requested'),
  ];
  await harness.session.configure?.({ mode: 'bypass' });
  expect(await ended).toMatchObject({ outcome: 'completed' });
  expect(first.options).not.toHaveLength(0);
  expect(typesOf().filter((type) => type === 'approval.withdrawn')).toHaveLength(3);
});

test('shows edits as diffs and asks once for all of them', async () => {
  harness = await createHarness({ scenario: 'edits' });
  const ended = harness.turn('Edit');
  const approval = await harness.next('approval.requested');
  expect(approval).toMatchObject({ title: 'Write greeting.js', action: { kind: 'edit' } });
  await harness.answer(approval.approvalId, 'allow-edits');
  expect(await ended).toMatchObject({ outcome: 'completed' });
  expect(typesOf().filter((type) => type === 'approval.requested')).toHaveLength(1);
  const diffs = harness.tools().flatMap((item) => (item.output ?? []).filter((output) => output.type === 'diff'));
  expect(diffs.map(({ path: name, added, removed }) => ({ name, added, removed }))).toEqual([
    { name: 'greeting.js', added: 7, removed: 0 },
    { name: 'greeting.js', added: 2, removed: 1 },
    { name: 'greeting.js', added: 1, removed: 1 },
    { name: 'greeting.test.js', added: 3, removed: 0 },
  ]);
  expect(diffs[1]?.patch).toContain("-  return 'Hello ' + name;\n+  const who = name.trim();");
  expect(await readFile(inside('greeting.js'), 'utf8')).toContain('Goodbye ${name}.');
});

test('asks the user and gives the answers to the model', async () => {
  harness = await createHarness({ scenario: 'question' });
  const ended = harness.turn('Set up');
  const asked = await harness.next('question.asked');
  expect(asked.questions).toMatchObject([
    { header: 'Colour', multiSelect: false },
    { header: 'Parts', multiSelect: true },
  ]);
  await harness.session.answerQuestion?.({
    questionId: asked.questionId,
    answers: { '1': 'Blue', 'Which parts do you want?': ['Web', 'Docs'] },
  });
  await ended;
  expect(harness.texts().at(-1)).toContain('Which colour shall it be?: Blue\nWhich parts do you want?: Web, Docs');
});

test('keeps the list of what is to be done', async () => {
  harness = await createHarness({ scenario: 'todo', mode: 'accept-edits' });
  await harness.turn('Work');
  const plans = harness.log.flatMap(({ event }) => (event.type === 'plan.updated' ? [event.entries] : []));
  expect(plans).toHaveLength(3);
  expect(plans.at(-1)).toEqual([
    { title: 'Look around', status: 'completed' },
    { title: 'Write the note', status: 'completed' },
  ]);
});

describe('plan mode', () => {
  test('presents a plan, and begins in the mode the user picked', async () => {
    harness = await createHarness({ scenario: 'plan', mode: 'plan' });
    const ended = harness.turn('Plan');
    const approval = await harness.next('approval.requested');
    expect(approval.options.map((option) => option.id)).toEqual(['start-accept-edits', 'start-asking', 'deny']);
    await harness.answer(approval.approvalId, 'start-accept-edits');
    await ended;
    expect(harness.log).toContainEqual(
      expect.objectContaining({ event: { type: 'session.configured', mode: 'accept-edits', by: 'agent' } }),
    );
    expect(readFileSync(inside('plan-result.txt'), 'utf8')).toBe('done as planned\n');
  });

  test('goes on planning when the user is not content', async () => {
    harness = await createHarness({ scenario: 'plan', mode: 'plan' });
    const ended = harness.turn('Plan');
    const { approvalId } = await harness.next('approval.requested');
    await harness.answer(approvalId, 'deny', { note: 'shorter' });
    await ended;
    expect(harness.texts().at(-1)).toContain('shorter');
    expect(existsSync(inside('plan-result.txt'))).toBe(false);
  });

  test('changes nothing', async () => {
    harness = await createHarness({ scenario: 'edits', mode: 'plan' });
    await harness.turn('Edit');
    expect(existsSync(inside('greeting.js'))).toBe(false);
    expect(
      harness
        .tools()
        .filter((item) => item.kind === 'edit')
        .every((item) => item.status === 'denied'),
    ).toBe(true);
  });
});

describe('interrupt', () => {
  test('in the middle of an answer keeps what was said', async () => {
    harness = await createHarness({ scenario: 'long-stream' });
    const ended = harness.turn('Tell');
    await harness.next('item.delta', (delta) => delta.text.startsWith('word'));
    await harness.session.interrupt?.();
    expect(await ended).toMatchObject({ outcome: 'interrupted' });
    const [text] = harness.texts();
    expect(text).toContain('The story begins.');
    expect(text).not.toContain('The story ends.');
    await harness.session.configure?.({});
    expect(await harness.turn('[scene echo] again')).toMatchObject({ outcome: 'completed' });
    expect(harness.texts().at(-1)).toBe('You said: again');
  });

  test('in the middle of a command ends all it started and keeps its output', async () => {
    harness = await createHarness({ scenario: 'interrupt-tool', mode: 'bypass' });
    const ended = harness.turn('Run');
    await harness.next('item.delta', (delta) => delta.field === 'output' && delta.text.includes('tick 1'));
    await harness.session.interrupt?.();
    expect(await ended).toMatchObject({ outcome: 'interrupted' });
    expect(harness.tools()).toMatchObject([
      { status: 'interrupted', output: [{ type: 'terminal', text: expect.stringContaining('tick 1') }] },
    ]);
    expect(await harness.turn('[scene echo] next')).toMatchObject({ outcome: 'completed' });
  });

  test('withdraws the open approval and the open question', async () => {
    harness = await createHarness({ scenario: 'approval' });
    const ended = harness.turn('Write');
    const { approvalId } = await harness.next('approval.requested');
    await harness.session.interrupt?.();
    expect(await ended).toMatchObject({ outcome: 'interrupted' });
    const withdrawn = harness.log.find(({ event }) => event.type === 'approval.withdrawn');
    expect(withdrawn?.event).toMatchObject({ approvalId });
    expect(harness.tools()).toMatchObject([{ status: 'interrupted' }]);
    await expect(harness.session.answerApproval?.({ approvalId, option: 'allow-once' })).rejects.toThrow(
      'no longer waits',
    );

    const asking = harness.turn('[scene question] Set up');
    await harness.next('question.asked');
    await harness.session.interrupt?.();
    expect(await asking).toMatchObject({ outcome: 'interrupted' });
    expect(typesOf()).toContain('question.withdrawn');
  });
});

test('stopping ends the turn and reports the end once, as the last thing', async () => {
  harness = await createHarness({ scenario: 'long-stream' });
  const ended = harness.turn('Tell');
  await harness.next('item.delta');
  await Promise.all([harness.session.stop(), harness.session.stop()]);
  expect(await ended).toMatchObject({ outcome: 'interrupted' });
  expect(typesOf().slice(-2)).toEqual(['turn.ended', 'agent.exited']);
  expect(typesOf().filter((type) => type === 'agent.exited')).toHaveLength(1);
  const late = harness.log[0];
  await expect(harness.session.prompt({ turnId: 'trn_x' as never, input: [] })).rejects.toThrow('being stopped');
  expect(late?.event.type).toBe('agent.started');
});

describe('tells the model', () => {
  const systemOf = (): string => JSON.stringify(harness.rehearsal.requests().at(-1)?.body);

  test("the folder's own instructions, but none from outside of it", async () => {
    harness = await createHarness({ scenario: 'simple' });
    await writeFile(inside('AGENTS.md'), 'Always use tabs here.');
    await symlink('/etc/hostname', inside('CLAUDE.md'));
    await harness.turn('Hi');
    expect(systemOf()).toContain('Always use tabs here.');
    expect(systemOf()).not.toContain('(CLAUDE.md)');
  });

  test('what the named files hold, as they were then', async () => {
    harness = await createHarness({ scenario: 'echo' });
    await writeFile(inside('plan.txt'), 'the first version');
    await harness.turn([
      { type: 'text', text: 'Look' },
      { type: 'file', path: 'plan.txt' },
    ]);
    await writeFile(inside('plan.txt'), 'the second version');
    await harness.reopen();
    await harness.turn('And now');
    expect(systemOf()).toContain('the first version');
    expect(systemOf()).not.toContain('the second version');
  });

  test('a file outside of the folder when it was named by its real path, but not through a link', async () => {
    harness = await createHarness({ scenario: 'echo' });
    const outside = await realpath(await mkdtemp(path.join(tmpdir(), 'baton-outside-')));
    const secret = path.join(outside, 'note.txt');
    await writeFile(secret, 'what lies outside');
    await symlink(outside, inside('docs'));
    await harness.turn([{ type: 'file', path: 'docs/note.txt' }]);
    expect(systemOf()).not.toContain('what lies outside');
    expect(systemOf()).toContain(secret);
    await harness.turn([{ type: 'file', path: secret }]);
    expect(systemOf()).toContain('what lies outside');
  });
});
