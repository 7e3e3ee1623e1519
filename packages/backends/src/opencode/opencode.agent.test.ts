import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentReport, Backend } from '@baton/core';
import { createId, type Item } from '@baton/protocol';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { isAlive } from './__fixtures__/is-alive.ts';
import { type Place, createPlace, createTestBackend, openOpencode } from './__fixtures__/open-opencode.ts';
import type { OpenSession } from '../agent/__fixtures__/open-session.ts';

// What the built-in scenes do not have.
const SCENARIO = `
title: OpenCode's own ways
turns:
  - when: run a program
    steps:
      - call: { tool: run, input: { command: "echo one; echo two" } }
      - say: "It said: {{result}}"
  - when: leave something running
    steps:
      - call: { tool: run, input: { command: "(sleep 600 & echo $! > pid.txt); echo $$ > shell.txt; sleep 600" } }
  - when: leave a daemon
    steps:
      - call: { tool: run, input: { command: "setsid sleep 600 > /dev/null 2>&1 & echo $! > daemon.txt" } }
      - say: It runs.
  - when: count the files
    steps:
      - say: I count them.
      - call: { tool: run, input: { command: "ls | wc -l" } }
      - say: The subagent counted the files.
  - when: use a subagent
    steps:
      - call: { tool: agent, input: { description: Count files, prompt: Please count the files } }
      - say: The subagent is back.
  - when: two subagents
    steps:
      - call:
          - { tool: agent, input: { description: First, prompt: "think first" } }
          - { tool: agent, input: { description: Second, prompt: "think first" } }
      - say: Both are back.
  - when: key is wrong
    steps: [{ error: { status: 401, message: bad key } }]
  - when: fail once
    steps: [{ errorOnce: { status: 500, message: broken } }, { say: Better now. }]
  - when: say nothing
    steps: [{ hang: after-headers }]
  - when: think first
    steps: [{ think: Let me think. }, { say: Thought. }]
  - steps: [{ say: "I am here: {{prompt}}" }]
`;

const LONG = 120_000;
let rehearsal: Rehearsal;
let place: Place;
let backend: Backend;
const opened: OpenSession[] = [];

// Without those for a title, which OpenCode asks beside the prompt and which an abort does not end.
const mainRequests = () => rehearsal.requests().filter(({ kind }) => kind === 'main');

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'opencode' }) });
  place = await createPlace();
  backend = createTestBackend(place, rehearsal);
});
afterAll(async () => {
  await backend.close?.();
  await rehearsal.close();
  await place.remove();
}, LONG);
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
}, LONG);

async function open(options: Parameters<typeof openOpencode>[2] & { folder?: string } = {}): Promise<OpenSession> {
  const { folder = 'project', ...more } = options;
  const opencode = openOpencode(backend, await place.folder(folder), more);
  opened.push(opencode);
  return opencode;
}

const items = (opencode: OpenSession): Item[] => opencode.of('item.ended').map(({ item }) => item);
const tools = (opencode: OpenSession) => items(opencode).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
const said = (opencode: OpenSession) =>
  items(opencode)
    .flatMap((item) => (item.type === 'agent-message' ? [item.text] : []))
    .join('\n');

async function answer(
  opencode: OpenSession,
  option: string,
  more: { note?: string; nth?: number } = {},
): Promise<void> {
  const { approvalId } = await opencode.nth('approval.requested', more.nth);
  await opencode.session.answerApproval?.({ approvalId, option, note: more.note });
}

test('says what it offers, thinks, streams, and ends when told', { timeout: LONG }, async () => {
  const opencode = await open();
  expect(await opencode.run('think first')).toMatchObject({
    outcome: 'completed',
    point: expect.stringMatching(/^msg_/),
  });
  expect(opencode.of('agent.started')).toMatchObject([
    { version: '1.18.33', nativeId: expect.stringMatching(/^ses_/) },
  ]);
  expect(await opencode.nth('agent.ready')).toMatchObject({
    models: [{ id: 'rehearsal/scripted', efforts: expect.arrayContaining(['low', 'high']) }],
    modes: expect.arrayContaining([expect.objectContaining({ id: 'plan' })]),
    commands: expect.arrayContaining([expect.objectContaining({ name: 'compact' })]),
  });
  expect(items(opencode)).toEqual([
    { type: 'reasoning', text: 'Let me think.' },
    { type: 'agent-message', text: 'Thought.' },
  ]);
  expect(opencode.of('usage.updated').at(-1)).toMatchObject({ context: { size: 128_000 } });
  await opencode.session.stop();
  expect(opencode.reports.at(-1)).toMatchObject({ type: 'agent.exited', expected: true });
  expect(opencode.of('raw.received')).toEqual([]);
});

async function waitForPid(opencode: OpenSession, file: string): Promise<number> {
  for (;;) {
    const text = await opencode.read(file).catch(() => '');
    if (text.trim() !== '') return Number(text);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a command that needs leave', () => {
  test('runs once allowed, and shows what it prints', { timeout: LONG }, async () => {
    const opencode = await open();
    const turn = opencode.run('run a program');
    const asked = await opencode.nth('approval.requested');
    expect(asked).toMatchObject({
      title: 'echo one; echo two',
      action: { kind: 'execute', tool: 'bash', input: { command: 'echo one; echo two' } },
      options: [
        { id: 'once', kind: 'allow-once' },
        { id: 'always', kind: 'allow-always', title: expect.stringContaining('`echo *`') },
        { id: 'reject', kind: 'deny-once', takesNote: true },
      ],
    });
    const started = opencode.of('item.started').find(({ item }) => item.type === 'tool-call');
    expect(asked.itemId).toBe(started?.itemId);
    await answer(opencode, 'once');
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(tools(opencode)).toMatchObject([
      { status: 'completed', output: [{ type: 'terminal', text: 'one\ntwo\n', exitCode: 0 }] },
    ]);
    expect(said(opencode)).toContain('It said: one');
    await expect(answer(opencode, 'once')).rejects.toMatchObject({ kind: 'approval-already-answered' });
  });

  test('is not run when denied; a note lets the model go on', { timeout: LONG }, async () => {
    const opencode = await open();
    const turn = opencode.run('run a program');
    await answer(opencode, 'reject', { note: 'Use the other way' });
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(tools(opencode)).toMatchObject([{ status: 'denied' }]);
    expect(said(opencode)).toContain('Use the other way');
    const again = opencode.run('run a program');
    await answer(opencode, 'reject', { nth: 2 });
    expect(await again).toMatchObject({ outcome: 'completed' });
    expect(tools(opencode).map((tool) => tool.status)).toEqual(['denied', 'denied']);
  });

  test('is asked for no more after "always", in that folder only', { timeout: LONG }, async () => {
    const [one, other] = await Promise.all([open({ folder: 'always' }), open({ folder: 'never' })]);
    const turn = one.run('run a program');
    await answer(one, 'always');
    await turn;
    await one.run('run a program');
    expect(one.of('approval.requested').length).toBe(1);
    const elsewhere = other.run('run a program');
    await answer(other, 'once');
    await elsewhere;
    expect(tools(other)).toMatchObject([{ status: 'completed' }]);
  });
});

test('shows edits as diffs', { timeout: LONG }, async () => {
  const opencode = await open({ folder: 'edits' });
  const turn = opencode.run('[scene edits] go');
  for (let nth = 1; nth <= 4; nth += 1) await answer(opencode, 'once', { nth });
  expect(await turn).toMatchObject({ outcome: 'completed' });
  const edits = tools(opencode).filter((tool) => tool.kind === 'edit');
  expect(edits.map((tool) => tool.title)).toEqual([
    'Write greeting.js',
    'Edit greeting.js',
    'Edit greeting.js',
    'Write greeting.test.js',
  ]);
  expect(edits.map((tool) => tool.output?.[0])).toMatchObject([
    { type: 'diff', added: 7, removed: 0 },
    { type: 'diff', added: 2, removed: 1, patch: expect.stringContaining('+  const who = name.trim();') },
    { type: 'diff', added: 1, removed: 1 },
    { type: 'diff', added: 3, removed: 0 },
  ]);
  expect(await opencode.read('greeting.js')).toContain('Hello ${who}.');
});

test('asks its user', { timeout: LONG }, async () => {
  const opencode = await open();
  const turn = opencode.run('[scene question] go');
  const asked = await opencode.nth('question.asked');
  expect(asked.questions).toMatchObject([
    {
      id: 'q1',
      question: 'Which colour shall it be?',
      multiSelect: false,
      options: [{ label: 'Red' }, { label: 'Blue' }],
    },
    { id: 'q2', multiSelect: true },
  ]);
  await opencode.session.answerQuestion?.({
    questionId: asked.questionId,
    answers: { q1: 'Blue', q2: ['Web', 'Docs'] },
  });
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(said(opencode)).toMatch(/Blue.*Web, Docs/s);
});

test('keeps a plan', { timeout: LONG }, async () => {
  const opencode = await open({ folder: 'todo' });
  const turn = opencode.run('[scene todo] go');
  for (const nth of [1, 2]) {
    const asked = await Promise.race([opencode.nth('approval.requested', nth), turn]);
    if (asked.type === 'approval.requested') await answer(opencode, 'once', { nth });
  }
  await turn;
  expect(opencode.of('plan.updated').at(-1)?.entries).toEqual([
    { title: 'Look around', status: 'completed' },
    { title: 'Write the note', status: 'completed' },
  ]);
});

describe('an interrupt', () => {
  test('in the middle of words keeps them, and the next prompt works', { timeout: LONG }, async () => {
    const opencode = await open();
    const turn = opencode.run('[scene long-stream] go');
    await opencode.nth('item.delta', 3);
    await opencode.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(said(opencode)).not.toBe('');
    expect(await opencode.run('[scene simple] and now?')).toMatchObject({ outcome: 'completed' });
  });

  test('before the model was asked at all ends the turn as well', { timeout: LONG }, async () => {
    const opencode = await open();
    await opencode.nth('agent.ready');
    const turn = opencode.run('[scene long-stream] go');
    await opencode.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
  });

  test('before OpenCode has begun with it is heard when it begins', { timeout: LONG }, async () => {
    const opencode = await open({ folder: 'fresh' });
    const turnId = await opencode.send('hello');
    await opencode.session.interrupt?.();
    const ends = (report: AgentReport) => report.type === 'turn.ended' && report.turnId === turnId;
    expect(await opencode.until(ends)).toMatchObject({ outcome: 'interrupted' });
    expect(await opencode.run('think first')).toMatchObject({ outcome: 'completed' });
    expect(opencode.of('turn.started')).toEqual([]);
  });

  test('in the middle of a command ends it', { timeout: LONG }, async () => {
    const opencode = await open({ folder: 'running' });
    const turn = opencode.run('leave something running');
    await answer(opencode, 'once');
    const pid = await waitForPid(opencode, 'shell.txt');
    await opencode.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(tools(opencode)).toMatchObject([{ status: 'interrupted' }]);
    expect(isAlive(pid)).toBe(false);
  });

  test('withdraws what was asked, and it is not asked again', { timeout: LONG }, async () => {
    const opencode = await open();
    const turn = opencode.run('run a program');
    await opencode.nth('approval.requested');
    await opencode.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(opencode.of('approval.withdrawn').length).toBe(1);
    expect(await opencode.run('think first')).toMatchObject({ outcome: 'completed' });
    expect(opencode.of('approval.requested').length).toBe(1);
  });
});

test.each([
  { how: 'however slow this machine is', beginMs: 60_000 },
  { how: 'nor later, where others use the server', beginMs: 0 },
])('does not begin with a prompt any more once it was stopped, $how', { timeout: LONG }, async ({ beginMs }) => {
  const patient = createTestBackend(place, rehearsal, { bounds: { beginMs } });
  onTestFinished(() => patient.close?.());
  const neighbour = openOpencode(patient, await place.folder('neighbour'));
  await neighbour.run('hello');
  const opencode = openOpencode(patient, await place.folder(`stopped-early-${beginMs}`));
  await opencode.send('what nobody wants any more');
  await opencode.session.stop();
  const count = () => mainRequests().filter(({ prompt }) => prompt?.includes('nobody wants')).length;
  const before = count();
  await neighbour.run('hello again');
  // A folder that is new takes OpenCode a second or two.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(count()).toBe(before);
});

test('leaves nothing running when it is stopped', { timeout: LONG }, async () => {
  const [opencode, neighbour] = await Promise.all([open({ folder: 'stopped' }), open({ folder: 'neighbour' })]);
  const turn = opencode.run('leave a daemon');
  await answer(opencode, 'once');
  await turn;
  const daemon = await waitForPid(opencode, 'daemon.txt');
  await opencode.send('leave something running');
  await answer(opencode, 'once', { nth: 2 });
  const pids = [daemon, await waitForPid(opencode, 'shell.txt'), await waitForPid(opencode, 'pid.txt')];
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  await opencode.session.stop();
  expect(pids.map(isAlive)).toEqual([false, false, false]);
  expect(opencode.reports.at(-1)).toMatchObject({ type: 'agent.exited', expected: true });
  expect(await neighbour.run('think first')).toMatchObject({ outcome: 'completed' });
});

test('nests a subagent and asks for what it does', { timeout: LONG }, async () => {
  const opencode = await open();
  const turn = opencode.run('use a subagent');
  const asked = await opencode.nth('approval.requested');
  await answer(opencode, 'once');
  expect(await turn).toMatchObject({ outcome: 'completed' });
  const started = opencode.of('item.started').filter(({ item }) => item.type === 'tool-call');
  expect(started.map(({ item }) => item)).toMatchObject([{ kind: 'subagent' }, { kind: 'execute' }]);
  expect(started[1]?.parentItemId).toBe(started[0]?.itemId);
  expect(asked.itemId).toBe(started[1]?.itemId);
  expect(said(opencode)).toContain('The subagent is back.');
  expect(tools(opencode).at(-1)).toMatchObject({
    kind: 'subagent',
    output: [{ type: 'text', text: 'The subagent counted the files.' }],
  });
});

test('tells the work of two subagents apart', { timeout: LONG }, async () => {
  const opencode = await open();
  expect(await opencode.run('two subagents')).toMatchObject({ outcome: 'completed' });
  const started = opencode.of('item.started');
  const agents = started.filter(({ item }) => item.type === 'tool-call').map(({ itemId }) => itemId);
  const inner = started.filter(({ parentItemId }) => parentItemId !== undefined);
  expect(agents.length).toBe(2);
  expect(agents.map((agent) => inner.filter(({ parentItemId }) => parentItemId === agent).length)).toEqual([2, 2]);
});

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('does not work in another folder than it was given', { timeout: LONG }, async () => {
  const taken = await place.folder('a b');
  const opencode = await open({ folder: 'a%20b' });
  void opencode.session.prompt({ turnId: createId('turn'), input: [] }).catch(() => undefined);
  const message = expect.stringContaining(`it would take "${taken}" for it`);
  expect(await opencode.nth('agent.exited')).toMatchObject({ failure: { kind: 'invalid-input', message } });
  const well = await open({ folder: '50% off' });
  expect(await well.run('think first')).toMatchObject({ outcome: 'completed' });
});

test('takes images and files', { timeout: LONG }, async () => {
  const opencode = await open();
  await writeFile(join(opencode.cwd, 'notes.txt'), 'The word is heron.\n');
  await opencode.run([
    { type: 'text', text: '[scene image] look' },
    { type: 'image', mediaType: 'image/png', data: PIXEL },
    { type: 'file', path: 'notes.txt' },
    { type: 'file', path: 'gone.txt' },
  ]);
  const request = mainRequests().at(-1);
  expect(JSON.stringify(request?.body)).toContain('heron');
  expect(JSON.stringify(request?.body)).toContain('data:image/png;base64');
});

describe('branches', () => {
  test('a fork remembers up to its point and leaves the source alone; a rewind forgets', {
    timeout: LONG,
  }, async () => {
    const source = await open();
    const first = await source.run('apple');
    await source.run('banana');
    const nativeId = (await source.nth('agent.started')).nativeId ?? '';
    const fork = await open({ branch: { kind: 'fork', nativeId, point: first.point } });
    const forked = await fork.run('cherry');
    expect(mainRequests().at(-1)?.body).toSatisfy((body) => {
      const text = JSON.stringify(body);
      return text.includes('apple') && !text.includes('banana') && text.includes('cherry');
    });
    const forkId = (await fork.nth('agent.started')).nativeId ?? '';
    expect(forkId).not.toBe(nativeId);
    // The fork's past has ids of its own; its turns are found all the same.
    const second = await open({ branch: { kind: 'fork', nativeId: forkId, point: first.point } });
    await second.run('damson');
    expect(JSON.stringify(mainRequests().at(-1)?.body)).not.toContain('cherry');
    expect(forked.point).not.toBe(first.point);
    await source.session.stop();
    const back = await open({ nativeId, branch: { kind: 'rewind', nativeId, point: first.point } });
    await back.run('elder');
    expect((await back.nth('agent.started')).nativeId).toBe(nativeId);
    expect(JSON.stringify(mainRequests().at(-1)?.body)).not.toContain('banana');
    expect(JSON.stringify(mainRequests().at(-1)?.body)).toContain('apple');
  });

  test('resumes by its id, and refuses to forget silently', { timeout: LONG }, async () => {
    const before = await open();
    await before.run('apple');
    const nativeId = (await before.nth('agent.started')).nativeId ?? '';
    await before.session.stop();
    const after = await open({ nativeId });
    await after.run('banana');
    expect(JSON.stringify(mainRequests().at(-1)?.body)).toContain('apple');
    const lost = await open({ nativeId: 'ses_gone', branch: { kind: 'fork', nativeId: 'ses_gone' } });
    expect(await lost.nth('agent.exited')).toMatchObject({
      failure: { message: expect.stringContaining('no longer has the conversation ses_gone') },
    });
  });
});

describe('commands and choices', () => {
  test('/compact makes room', { timeout: LONG }, async () => {
    const opencode = await open();
    await opencode.run('apple');
    expect(await opencode.run('/compact')).toMatchObject({ outcome: 'completed' });
    expect(opencode.of('notice.raised').map(({ text }) => text)).toContain(
      'The conversation was summarised to make room.',
    );
    expect(await opencode.run('think first')).toMatchObject({ outcome: 'completed' });
  });

  test('a command of OpenCode is run as one', { timeout: LONG }, async () => {
    const opencode = await open();
    expect(await opencode.run('/init with care')).toMatchObject({ outcome: 'completed' });
    expect(JSON.stringify(mainRequests().at(-1)?.body)).toContain('AGENTS.md');
    expect(await opencode.run('/nonsense')).toMatchObject({ outcome: 'completed' });
  });

  test('model, mode and effort change between prompts', { timeout: LONG }, async () => {
    const opencode = await open({ mode: 'build' });
    await opencode.run('apple');
    await opencode.session.configure?.({ mode: 'plan', effort: 'high' });
    await opencode.run('banana');
    const body = JSON.stringify(mainRequests().at(-1)?.body);
    expect(body).toContain('"reasoning_effort":"high"');
    expect(body).toMatch(/plan mode/i);
    await expect(opencode.session.configure?.({ mode: 'nonsense' })).rejects.toMatchObject({ kind: 'invalid-input' });
    await opencode.session.configure?.({ model: 'nobody/nothing' });
    expect(await opencode.run('cherry')).toMatchObject({
      outcome: 'failed',
      error: { kind: 'model-failed', message: expect.stringContaining('Choose another model') },
    });
  });

  test('what is added to a running turn reaches the model', { timeout: LONG }, async () => {
    const opencode = await open();
    const turn = opencode.run('run a program');
    await opencode.nth('approval.requested');
    await opencode.session.steer?.([{ type: 'text', text: 'and mind the heron' }]);
    await answer(opencode, 'once');
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(JSON.stringify(mainRequests().at(-1)?.body)).toContain('heron');
  });
});

describe('errors', () => {
  test('say what failed and what to do', { timeout: LONG }, async () => {
    const opencode = await open();
    expect(await opencode.run('key is wrong')).toMatchObject({
      outcome: 'failed',
      error: { kind: 'backend-not-authenticated', message: expect.stringContaining('opencode auth login') },
    });
    const second = await open();
    expect(await second.run('fail once')).toMatchObject({ outcome: 'completed' });
    expect(second.of('notice.raised').map(({ text }) => text)).toEqual([expect.stringContaining('tries again')]);
    expect(said(second)).toBe('Better now.');
  });

  test('of a model that hangs end with the interrupt', { timeout: LONG }, async () => {
    const opencode = await open();
    const turn = opencode.run('say nothing');
    await opencode.nth('session.configured');
    await opencode.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
  });

  test('of a program that is not there', async () => {
    const missing = createTestBackend(place, rehearsal, { executable: '/nowhere/opencode' });
    const opencode = openOpencode(missing, await place.folder('project'));
    expect(await opencode.nth('agent.exited')).toMatchObject({ failure: { kind: 'backend-not-installed' } });
    expect(await missing.probe()).toMatchObject({
      installed: false,
      problem: expect.stringContaining('not installed'),
    });
  });

  test('of a configuration that OpenCode refuses', { timeout: LONG }, async () => {
    const opencode = await open({ env: { OPENCODE_CONFIG_CONTENT: '{"model": 5}' } });
    expect(await opencode.nth('agent.exited')).toMatchObject({
      expected: false,
      failure: { message: expect.stringMatching(/model/) },
    });
  });
});

test('the probe finds it', { timeout: LONG }, async () => {
  expect(await backend.probe()).toMatchObject({ installed: true, version: '1.18.33', authenticated: 'unknown' });
  expect(await backend.probe({ ANTHROPIC_API_KEY: 'k' })).toMatchObject({ authenticated: 'yes' });
});
