import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  createPlace,
  openAcp,
  type OpenAcp,
  type OpenChoice,
  type Place,
  programOf,
  toCutHistory,
} from './__fixtures__/open-acp.ts';
import { openSession } from '../agent/__fixtures__/open-session.ts';
import { ACP_PRESETS } from './presets.ts';

const SCENARIO = `
title: Gemini CLI's own ways
turns:
  - when: run a program
    steps:
      - call: { tool: run, input: { command: 'node -e "console.log(40 + 2)"', description: Count } }
      - say: It ran.
  - when: leave something running
    steps:
      - call: { tool: run, input: { command: "echo $$ > pid.txt; sleep 600; echo over", description: Wait long } }
      - say: It is over.
  - when: think without end
    steps: [{ think: I think about it. }, { say: I begin }, { hang: here }]
  - steps: [{ say: I am here. }]
`;

let rehearsal: Rehearsal;
let place: Place;
const opened: OpenAcp[] = [];

const mainRequests = () => rehearsal.requests().filter(({ kind }) => kind === 'main');

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'gemini' }) });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await place.remove();
});

function open(more: Partial<OpenChoice> = {}): OpenAcp {
  const preset = ACP_PRESETS.find(({ id }) => id === 'gemini');
  if (preset === undefined) throw new Error('There is no preset for Gemini CLI');
  const env = {
    GEMINI_API_KEY: rehearsal.apiKey,
    GOOGLE_GEMINI_BASE_URL: rehearsal.url,
    GEMINI_MODEL: 'gemini-2.5-pro',
    ...more.env,
  };
  const gemini = openAcp({ place, definition: { ...preset, command: programOf('gemini') }, ...more, env });
  opened.push(gemini);
  return gemini;
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
  const gemini = open({ backend: { bounds: { stop: { protocolMs: 60_000 } } } });
  expect(await gemini.run('[scene simple] hello')).toMatchObject({
    outcome: 'completed',
    usage: { inputTokens: 1150 },
  });
  expect(gemini.of('agent.started')).toMatchObject([{ version: '0.61.0', pid: expect.any(Number) }]);
  const ready = gemini.of('agent.ready').at(-1);
  expect(ready?.modes.map(({ id }) => id)).toEqual(['default', 'autoEdit', 'yolo', 'plan']);
  expect(ready?.models.length).toBeGreaterThan(1);
  expect(ready?.commands.map(({ name }) => name)).toContain('memory');
  expect(items(gemini)).toMatchObject([
    { type: 'reasoning', text: expect.stringContaining('A short answer will do.') },
    { type: 'agent-message', text: 'Hello from the rehearsal. I heard you.' },
  ]);
  expect(gemini.of('item.delta').length).toBeGreaterThan(3);
  await gemini.session.stop();
  expect(gemini.reports.at(-1)).toMatchObject({ type: 'agent.exited', code: 0, expected: true });
});

test('runs a command that was allowed once, asks again, and takes a no', async () => {
  const gemini = open();
  const first = gemini.run('[scene approval] Write the note');
  await gemini.answer('allow-once');
  expect(await first).toMatchObject({ outcome: 'completed' });
  expect(await gemini.read('note.txt')).toBe('hello\n');
  const second = gemini.run('[scene approval] Write the note');
  await gemini.answer('deny-once', 2);
  expect(await second).toMatchObject({ outcome: 'completed' });
  expect(calls(gemini).map(({ tool, status }) => [tool, status])).toEqual([
    ['run_shell_command', 'completed'],
    ['run_shell_command', 'denied'],
  ]);
  expect(said(gemini)).toContain('The command was not run.');
});

test('does not ask again for what was always allowed, and shows what it printed', async () => {
  const gemini = open();
  const first = gemini.run('Please run a program');
  await gemini.answer('allow-always');
  await first;
  await gemini.run('Please run a program');
  expect(gemini.of('approval.requested').length).toBe(1);
  expect(calls(gemini)).toMatchObject([
    { status: 'completed', output: [{ type: 'terminal', text: expect.stringContaining('42') }] },
    { status: 'completed' },
  ]);
});

test('edits files and shows what changed', async () => {
  const gemini = open({ open: { mode: 'autoEdit' } });
  expect(await gemini.run('[scene edits] Make a few edits')).toMatchObject({ outcome: 'completed' });
  expect(gemini.of('approval.requested')).toEqual([]);
  expect(await gemini.read('greeting.js')).toContain('`Goodbye ${name}.`');
  expect(calls(gemini).map(({ tool, title }) => [tool, title])).toEqual([
    ['write_file', 'Edit greeting.js'],
    ['read_file', 'Read greeting.js'],
    ['replace', 'Edit greeting.js'],
    ['replace', 'Edit greeting.js'],
    ['write_file', 'Edit greeting.test.js'],
  ]);
  expect(calls(gemini)[2]?.output).toMatchObject([{ type: 'diff', added: 2, removed: 1 }]);
});

test('stops in the middle of a text, and goes on after it', async () => {
  const gemini = open();
  const turn = gemini.run('[scene long-stream] go');
  await gemini.nth('item.delta', 5);
  await gemini.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(said(gemini)).toContain('The story begins.');
  expect(await gemini.run('[scene simple] hello')).toMatchObject({ outcome: 'completed' });
});

test('withdraws an open approval when it is interrupted', async () => {
  const gemini = open();
  const turn = gemini.run('[scene approval] Write the note');
  const { approvalId } = await gemini.nth('approval.requested');
  await gemini.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(gemini.of('approval.withdrawn')).toMatchObject([{ approvalId }]);
});

test('goes on after a call was interrupted before it ran', async () => {
  const gemini = open();
  const first = gemini.run('Please run a program');
  await gemini.nth('approval.requested');
  await gemini.session.interrupt?.();
  expect(await first).toMatchObject({ outcome: 'interrupted' });
  // Its model has no answer to the first prompt, and answers to both.
  const second = gemini.run('And another');
  await gemini.answer('allow-once', 2);
  expect(await second).toMatchObject({ outcome: 'completed' });
});

test('goes on after a call was interrupted while it ran, in its mode, and repeats nothing', async () => {
  const gemini = open();
  await gemini.session.configure?.({ mode: 'autoEdit' });
  const running = gemini.run('Please leave something running');
  await gemini.answer('allow-once');
  await waitForPid(gemini);
  await gemini.session.interrupt?.();
  expect(await running).toMatchObject({ outcome: 'interrupted' });
  const before = gemini.of('item.started').length;
  expect(await gemini.run('Hello again')).toMatchObject({ outcome: 'completed' });
  expect(gemini.of('item.started')).toHaveLength(before + 1);
  const heard = JSON.stringify(mainRequests().at(-1)?.body);
  for (const words of ['leave something running', 'Hello again']) expect(heard).toContain(words);
  // What the conversation begins with when it is found again is no news.
  expect(gemini.of('session.configured').filter(({ mode }) => mode === 'default')).toHaveLength(1);
});

test('goes on after calls ran, though it tells its model their results twice by itself', async () => {
  const first = open({ open: { mode: 'yolo' } });
  // When a turn is cut after one whose call was, it stores what became of that call twice; and so of any call when it starts again.
  const running = first.run('Please leave something running');
  await waitForPid(first);
  await first.session.interrupt?.();
  await running;
  await first.run('Hello again');
  const hanging = first.run('Please think without end');
  await first.until((report) => report.type === 'item.ended' && report.item.type === 'reasoning');
  await first.session.interrupt?.();
  await hanging;
  expect(await first.run('Please run a program')).toMatchObject({ outcome: 'completed' });
  const { nativeId } = await first.nth('agent.started');
  await first.session.stop();
  for (const word of ['once', 'twice']) {
    const next = open({ open: { nativeId } });
    expect(await next.run(`Hello ${word}`)).toMatchObject({ outcome: 'completed' });
    await next.session.stop();
  }
  const heard = JSON.stringify(mainRequests().at(-1)?.body);
  expect(heard.match(/"functionResponse"/g)).toHaveLength(2);
  for (const words of ['leave something running', 'Hello again', 'run a program', 'Hello once']) {
    expect(heard.split(words)).toHaveLength(2);
  }
});

test('stops a running command, and nothing of it is left', async () => {
  const gemini = open();
  const turn = gemini.run('Please leave something running');
  await gemini.answer('allow-once');
  const pid = await waitForPid(gemini);
  await gemini.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(calls(gemini)).toMatchObject([{ status: 'interrupted' }]);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('leaves nothing running when it is killed in the middle of a command', async () => {
  const gemini = open();
  void gemini.send('Please leave something running');
  await gemini.answer('allow-once');
  const pid = await waitForPid(gemini);
  process.kill((await gemini.nth('agent.started')).pid ?? 0, 'SIGKILL');
  expect(await gemini.nth('agent.exited')).toMatchObject({ signal: 'SIGKILL', failure: { kind: 'agent-exited' } });
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

test('goes on with a conversation again and again, at once, though its own files are in the way', async () => {
  const first = open();
  await first.run('[scene simple] hello');
  const nativeId = first.of('agent.ready')[0]?.nativeId;
  await first.session.stop();
  for (const word of ['again', 'and again', 'and once more']) {
    const next = open({ open: { nativeId } });
    expect(await next.run(`[scene simple] ${word}`)).toMatchObject({ outcome: 'completed' });
    // Nothing of what was said before is said again.
    expect(said(next)).toBe('Hello from the rehearsal. I heard you.');
    expect(next.of('agent.ready')[0]?.nativeId).toBe(nativeId);
    process.kill((await next.nth('agent.started')).pid ?? 0, 'SIGKILL');
    await next.nth('agent.exited');
  }
  expect(mainRequests().at(-1)?.turn).toBe(3);
  const chats = join(place.home, '.gemini/tmp/project/chats');
  const own = (await readdir(chats)).filter((name) => name.includes(nativeId?.slice(0, 8) ?? '-'));
  expect(own.length).toBe(1);
});

test('changes mode and model while it runs', async () => {
  const gemini = open({ open: { model: 'gemini-3.8-flash' } });
  await gemini.run('[scene simple] hello');
  expect(mainRequests().at(-1)?.model).toBe('gemini-3.8-flash');
  await gemini.session.configure?.({ model: 'gemini-2.5-pro', mode: 'yolo' });
  expect(await gemini.run('[scene approval] Write the note')).toMatchObject({ outcome: 'completed' });
  expect(mainRequests().at(-1)?.model).toBe('gemini-2.5-pro');
  expect(gemini.of('approval.requested')).toEqual([]);
  expect(JSON.stringify(gemini.reports)).not.toContain('MODE_UPDATE');
  await expect(gemini.session.configure?.({ mode: 'fly' })).rejects.toMatchObject({ kind: 'invalid-input' });
});

test('takes an image', async () => {
  const gemini = open();
  const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await gemini.run([
    { type: 'text', text: '[scene image] What is it?' },
    { type: 'image', mediaType: 'image/png', data },
  ]);
  expect(said(gemini)).toContain('I see 1: image/png');
});

test('routes prompts by itself where no model was chosen', async () => {
  const gemini = open({ env: { GEMINI_MODEL: '' } });
  expect(await gemini.run('[scene simple] hello')).toMatchObject({ outcome: 'completed' });
  expect(rehearsal.requests().filter(({ kind }) => kind === 'side').length).toBeGreaterThan(0);
  expect(JSON.stringify(gemini.of('agent.output'))).not.toContain('Strategy failed');
});

test.each([
  ['401', 'backend-not-authenticated'],
  ['403', 'backend-not-authenticated'],
  ['400', 'model-failed'],
])('says why a turn failed: %s', async (fault, kind) => {
  const ended = await open().run(`[scene errors] ${fault}`);
  expect(ended).toMatchObject({
    outcome: 'failed',
    error: { kind, message: expect.stringMatching(/^Gemini CLI .*\. \S.*\.$/) },
  });
});

// It tries again for minutes unless its user's own settings say less.
test.each([
  ['500', 'model-failed'],
  ['overloaded', 'model-failed'],
  ['429', 'rate-limited'],
])('says why a turn failed, after it tried again: %s', async (fault, kind) => {
  await mkdir(join(place.home, '.gemini'));
  await writeFile(join(place.home, '.gemini/settings.json'), JSON.stringify({ general: { maxAttempts: 1 } }));
  const ended = await open().run(`[scene errors] ${fault}`);
  expect(ended).toMatchObject({
    outcome: 'failed',
    error: { kind, message: expect.stringMatching(/^Gemini CLI .*\. \S.*\.$/) },
  });
});

test('asks its user to sign in', async () => {
  const gemini = open({ env: { GEMINI_API_KEY: '', GOOGLE_GEMINI_BASE_URL: '' } });
  expect((await gemini.nth('agent.exited')).failure).toMatchObject({
    kind: 'backend-not-authenticated',
    message: expect.stringMatching(/Log in with Google.*GEMINI_API_KEY/),
  });
});

test('is found, with its version', async () => {
  const { backend } = open();
  expect(await backend.probe()).toMatchObject({ installed: true, version: '0.61.0', authenticated: 'yes' });
});

test('begins the next session in a process that waited, which has done nothing meanwhile', async () => {
  let arrival = Promise.withResolvers<number>();
  const first = open({ backend: { warmAgents: 1, onWarm: (pid) => arrival.resolve(pid) } });
  await first.run('[scene simple] hello');
  const waiting = await arrival.promise;
  arrival = Promise.withResolvers<number>();
  const asked = mainRequests().length;
  const second = openSession(first.backend, { cwd: place.cwd });
  expect((await second.nth('agent.started')).pid).toBe(waiting);
  expect(mainRequests()).toHaveLength(asked);
  expect(await second.run('[scene simple] again')).toMatchObject({ outcome: 'completed' });
  expect((await second.nth('agent.started')).nativeId).not.toBe((await first.nth('agent.started')).nativeId);
  // One that waited finds a conversation again as well as any other, and the history outlives its start.
  const next = await arrival.promise;
  await first.session.stop();
  const { nativeId } = await first.nth('agent.started');
  const third = openSession(first.backend, { cwd: place.cwd, open: { nativeId } });
  expect((await third.nth('agent.started')).pid).toBe(next);
  expect(await third.run('[scene simple] once more')).toMatchObject({ outcome: 'completed' });
  expect(JSON.stringify(mainRequests().at(-1)?.body)).toContain('hello');
  await third.session.stop();
  await second.session.stop();
  await first.backend.close?.();
  expect(isAlive(waiting)).toBe(false);
});
