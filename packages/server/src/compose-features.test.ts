import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordedEvent, toPlainText } from '@baton/protocol';
import { parseScenario, startRehearsal } from '@baton/rehearsal';
import { expect, it, onTestFinished } from 'vitest';
import { request } from '../test/raw-request.ts';
import { makeFolder } from '../test/test-server.ts';
import { startServer } from './compose.ts';
import { readSettings } from './settings.ts';

const SCENARIO = parseScenario(`
title: Work for features
turns:
  - when: write one
    steps:
      - call: { tool: write, input: { path: a.txt, content: "one\\n" } }
      - say: Wrote one.
  - when: write two
    steps:
      - call:
          - { tool: write, input: { path: a.txt, content: "two\\n" } }
          - { tool: write, input: { path: b.txt, content: "new\\n" } }
      - say: Wrote two.
  - when: ask twice
    steps:
      - call: { tool: run, input: { command: "printf allowed > allowed.txt" } }
      - call: { tool: run, input: { command: "rm -f a.txt" } }
      - say: "Tried both. I was told: {{result}}"
  - when: a number
    steps: ['{"n": 7}']
  - when: The server was restarted
    steps:
      - say: { text: "Where was I? ", repeat: 2000, pace: 20 }
  - when: a story
    steps:
      - say: { text: "On and on it goes. ", repeat: 2000, pace: 20 }
`);

/** A whole server whose worker talks to a scripted model, and a session in a folder of its own. */
async function start() {
  const rehearsal = await startRehearsal({ scenario: SCENARIO });
  onTestFinished(() => rehearsal.close());
  const folder = makeFolder('project');
  const settings = readSettings({
    ...{ PATH: process.env.PATH, HOME: folder, BATON_DATA: join(folder, 'data'), BATON_PORT: '0' },
    ...{ BATON_LOG_LEVEL: 'error', ANTHROPIC_BASE_URL: rehearsal.url, ANTHROPIC_API_KEY: rehearsal.apiKey },
  });
  const said: string[] = [];
  const open = () => startServer(settings, { stderr: { write: (text) => said.push(text) }, ownsProcess: false });
  let server = await open();
  onTestFinished(async () => {
    await server.stop();
    expect(said).toEqual([]);
  });
  const cwd = join(folder, 'project');
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${server.ownerKey}` };
    const answer = await request(server.port, `/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    expect([method, path, answer.status < 500, answer.text]).toEqual([method, path, true, expect.any(String)]);
    return answer;
  };
  const made = await ask('POST', '/sessions', { cwd, backend: 'worker', mode: 'accept-edits' });
  expect(made.status).toBe(201);
  const id = String(made.json.id);

  /** All events so far, read until there is one like this. */
  async function until(is: (event: RecordedEvent['event']) => boolean): Promise<RecordedEvent['event'][]> {
    for (;;) {
      const { events } = (await ask('GET', `/sessions/${id}/events?limit=1000`)).json as { events: RecordedEvent[] };
      if (events.some(({ event }) => is(event))) return events.map(({ event }) => event);
    }
  }

  /** The turn has ended, and what it left is saved. */
  async function turn(input: string): Promise<string> {
    const { turnId } = (await ask('POST', `/sessions/${id}/turns`, { input })).json;
    await until((event) => event.type === 'turn.ended' && event.turnId === turnId);
    for (;;) if ((await checkpoints()).some((each) => each.turnId === turnId && each.trigger === 'turn-ended')) break;
    return String(turnId);
  }

  async function checkpoints() {
    return (await ask('GET', `/sessions/${id}/checkpoints`)).json.items as Record<string, unknown>[];
  }
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
  async function restart(): Promise<void> {
    await server.stop();
    server = await open();
  }
  return { cwd, id, restart, ask, until, turn, checkpoints, read, has: (name: string) => existsSync(join(cwd, name)) };
}

it('saves turns of a real agent, shows what they changed, and goes back: files alone, and both', async () => {
  const { cwd, id, ask, turn, checkpoints, read, has } = await start();
  writeFileSync(join(cwd, 'mine.txt'), 'untracked\n');
  mkdirSync(join(cwd, '.git'));
  const first = await turn('write one');
  await turn('write two');
  expect((await checkpoints()).map(({ title, trigger, files }) => [title, trigger, files])).toEqual([
    ['Before “write one”', 'turn-started', 1],
    ['After “write one”', 'turn-ended', 1],
    ['After “write two”', 'turn-ended', 2],
  ]);
  const [before, one, two] = await checkpoints();
  const diff = await ask('GET', `/checkpoints/${String(one?.id)}/diff?to=${String(two?.id)}`);
  expect(diff.json.files).toMatchObject([
    { path: 'a.txt', change: 'modified', added: 1, removed: 1 },
    { path: 'b.txt', change: 'added', added: 1, removed: 0 },
  ]);

  // Files alone: untracked ones stay, those of the agent go.
  await ask('POST', `/checkpoints/${String(before?.id)}/restore`);
  expect([has('a.txt'), has('b.txt'), read('mine.txt')]).toEqual([false, false, 'untracked\n']);
  const restored = await ask('POST', `/checkpoints/${String(two?.id)}/restore`);
  expect([read('a.txt'), read('b.txt'), restored.json.files]).toEqual(['two\n', 'new\n', 2]);

  // A refusal changes neither.
  const refused = await ask('POST', `/sessions/${id}/rewind`, { turnId: 'trn_unknown', files: true });
  expect([refused.status, read('a.txt')]).toEqual([409, 'two\n']);

  const rewound = await ask('POST', `/sessions/${id}/rewind`, { turnId: first, files: true });
  expect(rewound).toMatchObject({ status: 200, json: { id } });
  expect([read('a.txt'), has('b.txt'), read('mine.txt')]).toEqual(['one\n', false, 'untracked\n']);
  const { events } = (await ask('GET', `/sessions/${id}/events?limit=1000`)).json as { events: RecordedEvent[] };
  const types = events.map(({ event }) => event.type);
  expect(types.filter((type) => type === 'session.rewound')).toHaveLength(1);
  expect(types.filter((type) => type === 'checkpoint.restored')).toHaveLength(3);
  expect(readdirSync(join(cwd, '.git'))).toEqual([]);
});

it('lets rules answer a real agent', async () => {
  const { id, ask, turn, until, has } = await start();
  await turn('write one');
  const rules = [
    { id: 'print', effect: 'allow', match: { backend: 'worker', command: 'printf **' } },
    { id: 'no-rm', effect: 'deny', match: { command: 'rm **' }, note: 'Removing is not for agents' },
  ];
  await ask('PUT', '/policies', { rules });
  const asking = turn('ask twice');
  await until((event) => event.type === 'approval.requested');
  expect(has('allowed.txt')).toBe(false);
  // The first writes to a file, which `printf **` does not mean: it waits for a person.
  const { items } = (await ask('GET', '/approvals?state=pending')).json as {
    items: { id: string; options: { id: string }[] }[];
  };
  expect(items).toHaveLength(1);
  await ask('POST', `/approvals/${items[0]?.id}/answer`, { option: items[0]?.options[0]?.id });
  await asking;
  const events = await until((event) => event.type === 'approval.answered' && event.via === 'policy');
  expect([has('allowed.txt'), has('a.txt')]).toEqual([true, true]);
  expect(events.filter((event) => event.type === 'approval.answered')).toMatchObject([
    { via: 'user' },
    { via: 'policy', by: 'policy:no-rm', note: 'Removing is not for agents' },
  ]);
  const view = (await ask('GET', `/sessions/${id}`)).json;
  expect(view.preview).toContain('Removing is not for agents');
});

it('runs tasks one after the other with real agents, and ends one in the middle', async () => {
  const { cwd, ask, read } = await start();
  const make = async (task: Record<string, unknown>) =>
    (await ask('POST', '/tasks', { backend: 'worker', cwd, mode: 'accept-edits', ...task })).json;
  const reach = async (task: unknown, ...states: string[]) => {
    for (;;) {
      const { json } = await ask('GET', `/tasks/${String(task)}`);
      if (states.includes(String(json.state))) return json;
    }
  };
  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  const write = await make({ title: 'Write', prompt: 'write one' });
  const count = await make({ title: 'Count', prompt: 'a number', after: [write.id], schema });
  const story = await make({ title: 'Tell', prompt: 'a story', after: [count.id] });
  expect(await reach(count.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', attempts: 1 });
  expect(read('a.txt')).toBe('one\n');
  expect((await ask('GET', `/tasks/${String(count.id)}/result`)).json).toMatchObject({
    text: '{"n": 7}',
    value: { n: 7 },
  });

  const running = await reach(story.id, 'running');
  const session = async () => (await ask('GET', `/sessions/${String(running.sessionId)}`)).json;
  while ((await session()).state !== 'running');
  await ask('POST', `/tasks/${String(story.id)}/cancel`);
  while ((await session()).state !== 'stopped');
  expect((await ask('GET', `/tasks/${String(story.id)}`)).json).toMatchObject({ state: 'cancelled' });
  expect(await session()).toMatchObject({ title: 'Tell' });
});

it('goes on with a task after a restart of the server, in the same session, without counting it as a try', async () => {
  const { cwd, ask, restart } = await start();
  const { json } = await ask('POST', '/tasks', { title: 'Story', prompt: 'a story', backend: 'worker', cwd });
  const task = async () => (await ask('GET', `/tasks/${String(json.id)}`)).json;
  const session = async () => (await ask('GET', `/sessions/${String((await task()).sessionId)}`)).json;
  while ((await task()).state !== 'running');
  while (!String((await session()).state).startsWith('running'));
  const before = await task();
  await restart();
  while ((await session()).state !== 'running');
  expect(await task()).toMatchObject({ state: 'running', attempts: 1, sessionId: before.sessionId });
  const { events } = (await ask('GET', `/sessions/${String(before.sessionId)}/events?limit=1000`)).json as {
    events: RecordedEvent[];
  };
  const started = events.flatMap(({ event }) => (event.type === 'turn.started' ? [toPlainText(event.input)] : []));
  expect(started).toEqual(['a story', expect.stringContaining('The server was restarted')]);
  await ask('POST', `/tasks/${String(json.id)}/cancel`);
});
