import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlace, type OpenAcp, type OpenChoice, type Place, toCutHistory } from './__fixtures__/open-acp.ts';
import { openClaudeAcp } from './__fixtures__/open-claude-acp.ts';

const SCENARIO = `
title: Claude Code over ACP
turns:
  - when: run a program
    steps:
      - call: { tool: run, input: { command: "node -e 1", description: Do nothing } }
      - say: That was it.
  - when: leave something running
    steps:
      - call: { tool: run, input: { command: "echo $$ > pid.txt; exec sleep 600", description: Wait long } }
  - when: in the background
    steps:
      - call: { tool: run, input: { command: "sleep 1; touch over.txt", description: Wait a little, background: true } }
      - say: It runs.
  - when: think without end
    steps: [{ think: I think about it. }, { say: I begin }, { hang: here }]
  - steps: [{ say: I am here. }]
`;

let rehearsal: Rehearsal;
let place: Place;
const opened: OpenAcp[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'claude-acp' }) });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
  // What is always allowed is kept at the root of the repository, which must not be somebody else's above this folder.
  await mkdir(join(place.cwd, '.git'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await place.remove();
});

function open(more: Partial<OpenChoice> = {}): OpenAcp {
  const claude = openClaudeAcp({ place, rehearsal, ...more });
  opened.push(claude);
  return claude;
}

const items = (agent: OpenAcp) => agent.of('item.ended').map(({ item }) => item);
const calls = (agent: OpenAcp) => items(agent).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
const said = (agent: OpenAcp): string =>
  items(agent)
    .flatMap((item) => (item.type === 'agent-message' ? [item.text] : []))
    .join('\n');

const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';

async function waitForPid(agent: OpenAcp): Promise<number> {
  await expect.poll(() => agent.read('pid.txt').catch(() => '')).toMatch(/\d\n/);
  return Number(await agent.read('pid.txt'));
}

test('says what it is and offers, streams a turn, and ends when told', async () => {
  // It ends in its own way, however slow this machine is.
  const claude = open({ backend: { bounds: { stop: { protocolMs: 60_000 } } } });
  expect(await claude.run('[scene simple] hello')).toMatchObject({ outcome: 'completed', costUsd: expect.any(Number) });
  expect(claude.of('agent.started')).toMatchObject([{ version: '0.100.0', pid: expect.any(Number) }]);
  const ready = claude.of('agent.ready').at(-1);
  expect(ready?.modes.map(({ id }) => id)).toContain('acceptEdits');
  expect(ready?.models.some(({ efforts }) => (efforts ?? []).includes('high'))).toBe(true);
  expect(ready?.commands.map(({ name }) => name)).toContain('compact');
  expect(said(claude)).toBe('Hello from the rehearsal. I heard you.');
  expect(claude.of('item.delta').length).toBeGreaterThan(3);
  expect(claude.of('usage.updated').at(-1)?.context?.size).toBeGreaterThan(0);
  await claude.session.stop();
  expect(claude.reports.at(-1)).toMatchObject({ type: 'agent.exited', code: 0, expected: true });
});

test('runs a command that was allowed, and takes a no', async () => {
  const claude = open();
  const first = claude.run('[scene approval] Write the note');
  await claude.answer('allow-once');
  expect(await first).toMatchObject({ outcome: 'completed' });
  expect(await claude.read('note.txt')).toBe('hello\n');
  const second = claude.run('[scene approval] Write the note');
  await claude.answer('deny-once', 2);
  expect(await second).toMatchObject({ outcome: 'completed' });
  expect(calls(claude).map(({ tool, title, status }) => [tool, title, status])).toEqual([
    ['Bash', "printf 'hello\\n' > note.txt", 'completed'],
    ['Bash', "printf 'hello\\n' > note.txt", 'denied'],
  ]);
});

test('does not ask again for what was always allowed', async () => {
  const claude = open();
  const first = claude.run('Please run a program');
  await claude.answer('allow-always');
  await first;
  expect(await claude.run('Please run a program')).toMatchObject({ outcome: 'completed' });
  expect(claude.of('approval.requested').length).toBe(1);
});

test('edits files and shows what changed', async () => {
  const claude = open({ open: { mode: 'acceptEdits' } });
  expect(await claude.run('[scene edits] Make a few edits')).toMatchObject({ outcome: 'completed' });
  expect(claude.of('approval.requested')).toEqual([]);
  expect(await claude.read('greeting.js')).toContain('`Goodbye ${name}.`');
  const edits = calls(claude).filter(({ kind }) => kind === 'edit');
  expect(edits.map(({ title }) => title)).toEqual([
    'Edit greeting.js',
    'Edit greeting.js',
    'Edit greeting.js',
    'Edit greeting.test.js',
  ]);
  expect(edits[1]?.output).toMatchObject([{ type: 'diff', added: 2, removed: 1 }]);
});

test('asks its user', async () => {
  const claude = open();
  const turn = claude.run('[scene question] Set up the project');
  const { questionId, questions } = await claude.nth('question.asked');
  expect(questions.map(({ question, multiSelect }) => [question, multiSelect])).toEqual([
    [expect.stringContaining('olour'), false],
    [expect.stringContaining('arts'), true],
  ]);
  const [colour, parts] = questions.map(({ id }) => id);
  await claude.session.answerQuestion?.({
    questionId,
    answers: { [colour ?? '']: 'Blue', [parts ?? '']: ['Server', 'Docs'] },
  });
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(said(claude)).toMatch(/Blue.*Server.*Docs/);
});

test('stops in the middle of a text, and goes on after it', async () => {
  const claude = open();
  const turn = claude.run('[scene long-stream] go');
  await claude.nth('item.delta', 5);
  await claude.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(await claude.run('[scene simple] hello')).toMatchObject({ outcome: 'completed' });
});

test('stops a running command, and nothing of it is left', async () => {
  const claude = open();
  const turn = claude.run('Please leave something running');
  await claude.answer('allow-once');
  const pid = await waitForPid(claude);
  await claude.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(calls(claude)).toMatchObject([{ status: 'interrupted' }]);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('leaves nothing running when it is killed in the middle of a command', async () => {
  const claude = open();
  void claude.send('Please leave something running');
  await claude.answer('allow-once');
  const pid = await waitForPid(claude);
  process.kill((await claude.nth('agent.started')).pid ?? 0, 'SIGKILL');
  expect(await claude.nth('agent.exited')).toMatchObject({ signal: 'SIGKILL', failure: { kind: 'agent-exited' } });
  expect(isAlive(pid)).toBe(false);
});

test('goes on after it was killed in the middle of its first turn', async () => {
  const first = open();
  void first.send('Please think without end');
  await first.until((report) => report.type === 'item.ended' && report.item.type === 'reasoning');
  const nativeId = first.of('agent.ready')[0]?.nativeId;
  process.kill((await first.nth('agent.started')).pid ?? 0, 'SIGKILL');
  await first.nth('agent.exited');
  const second = open({ open: { nativeId, history: () => toCutHistory(first) } });
  expect(await second.run('[scene simple] hello')).toMatchObject({ outcome: 'completed' });
  expect(said(second)).toBe('Hello from the rehearsal. I heard you.');
});

test('goes on after it was killed, and branches', async () => {
  const first = open();
  await first.run('[scene simple] hello');
  const nativeId = first.of('agent.ready')[0]?.nativeId ?? '';
  process.kill((await first.nth('agent.started')).pid ?? 0, 'SIGKILL');
  await first.nth('agent.exited');
  const second = open({ open: { nativeId } });
  expect(await second.run('[scene simple] again')).toMatchObject({ outcome: 'completed' });
  expect(said(second)).toBe('Hello from the rehearsal. I heard you.');
  expect(second.of('agent.ready')[0]?.nativeId).toBe(nativeId);
  await second.session.stop();
  const branched = open({ open: { branch: { kind: 'fork', nativeId } } });
  expect(await branched.run('[scene simple] elsewhere')).toMatchObject({ outcome: 'completed' });
  expect(branched.of('agent.ready')[0]?.nativeId).not.toBe(nativeId);
  const asked = rehearsal
    .requests()
    .filter(({ kind }) => kind === 'main')
    .slice(-3);
  expect(asked.map(({ prompt, turn }) => [prompt, turn])).toEqual([
    ['[scene simple] hello', 0],
    ['[scene simple] again', 1],
    ['[scene simple] elsewhere', 2],
  ]);
});

test('takes what is added to a running turn', async () => {
  const claude = open();
  const turn = claude.run('[scene long-stream] go');
  await claude.nth('item.delta', 5);
  await claude.session.steer?.([{ type: 'text', text: '[scene simple] something else' }]);
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(said(claude)).toContain('I heard you.');
});

test('changes mode, model and effort while it runs', async () => {
  const claude = open({ open: { model: 'haiku' } });
  await claude.run('[scene simple] hello');
  expect(
    rehearsal
      .requests()
      .filter(({ kind }) => kind === 'main')
      .at(-1)?.model,
  ).toContain('haiku');
  await claude.session.configure?.({ model: 'opus', mode: 'acceptEdits', effort: 'high' });
  await claude.run('[scene simple] hello');
  expect(
    rehearsal
      .requests()
      .filter(({ kind }) => kind === 'main')
      .at(-1)?.model,
  ).toContain('opus');
  await expect(claude.session.configure?.({ mode: 'fly' })).rejects.toMatchObject({ kind: 'invalid-input' });
});

test('takes an image', async () => {
  const claude = open();
  const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await claude.run([
    { type: 'text', text: '[scene image] What is it?' },
    { type: 'image', mediaType: 'image/png', data },
  ]);
  expect(said(claude)).toContain('I see 1: image/png');
});

test('nests what a subagent does', async () => {
  const claude = open();
  await claude.run('[scene subagent] Let a subagent look');
  const call = claude.of('item.started').find(({ item }) => item.type === 'tool-call' && item.kind === 'subagent');
  expect(call).toBeDefined();
  const inner = claude.of('item.started').filter(({ parentItemId }) => parentItemId === call?.itemId);
  expect(inner.length).toBeGreaterThan(0);
});

test('tells of work in the background that ends after its turn', async () => {
  const claude = open();
  const turn = claude.run('Do it in the background');
  await claude.answer('allow-once');
  expect(await turn).toMatchObject({ outcome: 'completed' });
  const own = await claude.nth('turn.started');
  expect(own).toMatchObject({ by: 'agent', input: [] });
  await claude.until((report) => report.type === 'turn.ended' && report.turnId === own.turnId);
});

test.each([
  ['401', 'backend-not-authenticated'],
  ['429', 'rate-limited'],
  ['500', 'model-failed'],
])('says why a turn failed: %s', async (fault, kind) => {
  const ended = await open().run(`[scene errors] ${fault}`);
  expect(ended).toMatchObject({
    outcome: 'failed',
    error: { kind, message: expect.stringMatching(/^Claude Code .*\. \S.*\.$/) },
  });
});
