import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi, type Api } from '@baton/client';
import { type SessionId, sessionViewSchema } from '@baton/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeTerminal } from './fake-terminal.ts';
import { createWorkplace, type Workplace } from './workplace.ts';

let place: Workplace;
let api: Api;

beforeEach(async () => {
  place = await createWorkplace();
  const server = await place.serve();
  api = createApi({ url: server.url, key: server.ownerKey });
});

afterEach(() => place.close());

async function onlySession(): Promise<SessionId> {
  const { items } = await api.call('listSessions');
  return sessionViewSchema.pick({ id: true }).parse(items.at(-1)).id;
}

async function baton(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  const terminal = createFakeTerminal();
  const code = await place.baton(args, terminal);
  return { code, out: terminal.printed, said: terminal.said };
}

test('a session is forked at its end and at a turn', async () => {
  await baton('run', '-b', 'worker', '[scene simple] hello');
  const id = await onlySession();
  const forked = await baton('fork', id.slice(-10), '--title', 'A second try');
  expect(forked).toMatchObject({ code: 0, said: expect.stringContaining('A second try') });
  const fork = await api.call('getSession', { params: { id: forked.out.trim() } });
  expect(fork).toMatchObject({ title: 'A second try', parent: { sessionId: id } });
  const turn = fork.parent?.turnId ?? '';
  expect((await baton('fork', id, '--turn', turn.slice(-8))).code).toBe(0);
  expect(await baton('fork', id, '--turn', 'nope')).toMatchObject({
    code: 1,
    said: expect.stringContaining('no turn that has ended "nope"'),
  });
});

test('what steers no turn becomes a prompt, unless only a running one is meant', async () => {
  await baton('run', '-b', 'worker', '[scene simple] hello');
  const id = await onlySession();
  expect(await baton('steer', id, '--only-running', 'more')).toMatchObject({ code: 1 });
  const sent = await baton('steer', id, 'and more');
  expect(sent).toMatchObject({ code: 0, said: expect.stringContaining('as a prompt of its own') });
  const { events } = await api.call('listEvents', { params: { id } });
  expect(JSON.stringify(events)).toContain('and more');
});

test('files are saved, compared, restored, and the restore is undone', async () => {
  const file = join(place.cwd, 'a.txt');
  await writeFile(file, 'one\n');
  await baton('run', '-b', 'worker', '[scene simple] hello');
  const id = await onlySession();
  const saved = await baton('checkpoints', id, '--save', 'As it was');
  expect(saved).toMatchObject({ code: 0, out: expect.stringMatching(/^chk_\w+\n$/) });
  const checkpoint = saved.out.trim();
  expect((await baton('checkpoints', id)).out).toContain('As it was');
  await writeFile(file, 'two\n');
  const diff = await baton('checkpoints', id, '--diff', checkpoint);
  expect(diff.out).toContain('-one\n+two\n');
  const restored = await baton('checkpoints', id, '--restore', checkpoint, '--path', 'a.txt');
  expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('1 file put back') });
  expect(await readFile(file, 'utf8')).toBe('one\n');
  await baton('checkpoints', id, '--restore', restored.out.trim());
  expect(await readFile(file, 'utf8')).toBe('two\n');
  expect(await baton('checkpoints', id, '--diff', 'chk_nothing')).toMatchObject({ code: 1 });
});

test('a task is added, listed, and its result read; what makes no sense is refused with reasons', async () => {
  expect((await baton('tasks')).said).toContain('No tasks yet');
  const added = await baton('tasks', 'add', '[scene simple] hello', '--title', 'Greet', '-b', 'worker');
  expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^tsk_\w+\n$/) });
  const id = added.out.trim();
  await vi.waitFor(async () => expect((await api.call('getTask', { params: { id } })).state).toBe('succeeded'), 60_000);
  expect((await baton('tasks')).out).toMatch(/^tsk_\w+ {2}succeeded .*Greet\n$/);
  const result = await baton('tasks', 'result', id.slice(-9));
  expect(result).toMatchObject({ code: 0, out: expect.stringContaining('Hello') });
  expect(await baton('tasks', 'cancel', id)).toMatchObject({ code: 1 });
  expect(await baton('tasks', 'add', 'x', '--priority', 'much')).toMatchObject({ code: 2 });
  await writeFile(join(place.home, 'bad.json'), '[]');
  const refused = await baton('tasks', 'add', 'x', '--schema', join(place.home, 'bad.json'));
  expect(refused).toMatchObject({ code: 2, said: expect.stringContaining('no JSON Schema') });
});
