import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent, SessionEventType } from '@baton/protocol';
import { describe, expect, it } from 'vitest';
import { makeFolder, startTestServer, type TestServer } from '../../test/test-server.ts';

const PATH = '/api/v1/sessions';

/** A session of the scripted agent in a folder of its own. */
async function begin(server: TestServer, name = 'work') {
  const cwd = join(server.folder, name);
  mkdirSync(cwd, { recursive: true });
  const made = await server.ask(PATH, { method: 'POST', body: { cwd, backend: 'scripted' } });
  expect(made.status).toBe(201);
  const id = String(made.json.id);
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    server.ask(`/api/v1${path}`, { method: 'POST', body, headers });
  const list = async () => (await server.ask(`${PATH}/${id}/checkpoints`)).json.items as Record<string, unknown>[];
  return {
    id,
    cwd,
    agent: await server.scripted.nextAgent(),
    post,
    write: (file: string, text: string) => writeFileSync(join(cwd, file), text),
    read: (file: string) => readFileSync(join(cwd, file), 'utf8'),
    has: (file: string) => existsSync(join(cwd, file)),
    save: async (title?: string) =>
      (await post(`/sessions/${id}/checkpoints`, title === undefined ? {} : { title })).json,
    list,
    /** There is a checkpoint that was made for this reason. */
    async until(trigger: string) {
      while (!(await list()).some((each) => each.trigger === trigger));
    },
  };
}

/** Resolves with the next event of this type that is recorded after the call. */
function next(server: TestServer, type: SessionEventType): Promise<RecordedEvent> {
  return new Promise((resolve) => {
    const end = server.engine.onRecorded((recorded) => {
      const found = recorded.find(({ event }) => event.type === type);
      if (found === undefined) return;
      end();
      resolve(found);
    });
  });
}

describe('checkpoints by hand', () => {
  it('are made, listed, compared and restored, untracked files included', async () => {
    const server = await startTestServer();
    const work = await begin(server);
    work.write('a.txt', 'one\n');
    work.write('.gitignore', 'ignored\n');
    work.write('ignored', 'mine\n');
    const first = await work.save('First');
    expect(first).toMatchObject({ sessionId: work.id, title: 'First', trigger: 'user', files: 2 });
    work.write('a.txt', 'two\n');
    work.write('b.txt', 'new\n');
    work.write('ignored', 'still mine\n');
    const diff = await server.ask(`/api/v1/checkpoints/${String(first.id)}/diff`);
    expect(diff.json).toMatchObject({
      from: first.id,
      to: 'now',
      truncated: false,
      files: [
        { path: 'a.txt', change: 'modified', added: 1, removed: 1, binary: false },
        { path: 'b.txt', change: 'added', added: 1, removed: 0 },
      ],
    });
    expect(diff.text).toContain('-one\\n+two');
    const restored = await work.post(`/checkpoints/${String(first.id)}/restore`);
    expect(restored).toMatchObject({ status: 200, json: { checkpointId: first.id, files: 2 } });
    expect([work.read('a.txt'), work.has('b.txt'), work.read('ignored')]).toEqual(['one\n', false, 'still mine\n']);
    await work.post(`/checkpoints/${String(restored.json.savedAs)}/restore`);
    expect([work.read('a.txt'), work.read('b.txt')]).toEqual(['two\n', 'new\n']);
    expect((await work.list()).map(({ trigger }) => trigger)).toEqual(['user', 'restore', 'restore']);
    const { events } = await server.engine.readEvents(work.id as never, { after: 0, limit: 100 });
    expect(events.filter(({ event }) => event.type === 'checkpoint.restored')).toHaveLength(2);
  });

  it('restore single paths', async () => {
    const server = await startTestServer();
    const work = await begin(server);
    mkdirSync(join(work.cwd, 'sub'));
    work.write('a.txt', 'one');
    work.write('sub/b.txt', 'one');
    const { id } = await work.save();
    work.write('a.txt', 'two');
    work.write('sub/b.txt', 'two');
    expect((await work.post(`/checkpoints/${String(id)}/restore`, { paths: ['sub'] })).json.files).toBe(1);
    expect([work.read('a.txt'), work.read('sub/b.txt')]).toEqual(['two', 'one']);
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', 'C:\\x', '.git/config', 'link/x', '.'])(
    'refuse the path %s and change nothing',
    async (path) => {
      const server = await startTestServer();
      const work = await begin(server);
      work.write('a.txt', 'one');
      const { id } = await work.save();
      symlinkSync(server.folder, join(work.cwd, 'link'));
      work.write('a.txt', 'two');
      const refused = await work.post(`/checkpoints/${String(id)}/restore`, { paths: ['a.txt', path] });
      expect(refused).toMatchObject({ status: 400, json: { kind: 'invalid-input' } });
      expect(work.read('a.txt')).toBe('two');
      expect(await work.list()).toHaveLength(1);
    },
  );

  it('are made once for a repeated request', async () => {
    const server = await startTestServer();
    const work = await begin(server);
    const headers = { 'idempotency-key': 'same' };
    const one = await work.post(`/sessions/${work.id}/checkpoints`, {}, headers);
    const two = await work.post(`/sessions/${work.id}/checkpoints`, {}, headers);
    expect(two.json).toEqual(one.json);
    const other = await work.post(`/sessions/${work.id}/checkpoints`, { title: 'Another' }, headers);
    expect(other).toMatchObject({ status: 409, json: { kind: 'conflict' } });
    expect(await work.list()).toHaveLength(1);
  });

  it('answer what is not there', async () => {
    const server = await startTestServer();
    const work = await begin(server);
    expect((await server.ask('/api/v1/checkpoints/chk_none/diff')).status).toBe(404);
    expect((await work.post('/checkpoints/chk_none/restore')).status).toBe(404);
    expect((await server.ask(`${PATH}/ses_none/checkpoints`)).status).toBe(404);
    const other = await begin(server, 'other');
    const [mine, theirs] = [await work.save(), await other.save()];
    const mixed = await server.ask(`/api/v1/checkpoints/${String(mine.id)}/diff?to=${String(theirs.id)}`);
    expect(mixed).toMatchObject({ status: 400, json: { kind: 'invalid-input' } });
    rmSync(work.cwd, { recursive: true });
    expect(await work.post(`/sessions/${work.id}/checkpoints`)).toMatchObject({ status: 404 });
  });

  it('say what to do where git is not installed', async () => {
    const server = await startTestServer({ settings: { env: { PATH: '/nowhere' } } });
    const work = await begin(server);
    const refused = await work.post(`/sessions/${work.id}/checkpoints`);
    expect(refused).toMatchObject({ status: 422, json: { kind: 'capability-missing' } });
    expect(refused.json.detail).toContain('Install it');
  });

  it('go with their session', async () => {
    const server = await startTestServer();
    const work = await begin(server);
    work.write('a.txt', 'one');
    const { id } = await work.save();
    const home = join(server.folder, 'checkpoints');
    expect(existsSync(home)).toBe(true);
    await server.ask(`${PATH}/${work.id}`, { method: 'DELETE' });
    // The next piece of work on the same folder comes after the removal.
    const again = await begin(server);
    await again.save();
    expect((await server.ask(`/api/v1/checkpoints/${String(id)}/diff`)).status).toBe(404);
  });
});

describe('checkpoints of a folder that was deleted', () => {
  it('are compared with nothing, and bring it back', async () => {
    const server = await startTestServer();
    const work = await begin(server);
    work.write('a.txt', 'one\n');
    const first = await work.save('First');
    work.write('a.txt', 'two\n');
    const second = await work.save('Second');
    rmSync(work.cwd, { recursive: true });
    const ask = (path: string) => server.ask(`/api/v1/checkpoints/${String(first.id)}/diff${path}`);
    expect((await ask(`?to=${String(second.id)}`)).json).toMatchObject({
      files: [{ path: 'a.txt', change: 'modified' }],
    });
    expect((await ask('')).json).toMatchObject({ to: 'now', files: [{ path: 'a.txt', change: 'deleted' }] });
    expect(existsSync(work.cwd)).toBe(false);
    const restored = await work.post(`/checkpoints/${String(first.id)}/restore`);
    expect(restored).toMatchObject({ status: 200, json: { files: 1 } });
    expect(work.read('a.txt')).toBe('one\n');
  });

  it('stay where they are when all around it is gone too, as with a disk that is not there', async () => {
    const server = await startTestServer();
    const work = await begin(server, 'disk/work');
    work.write('a.txt', 'one\n');
    const first = await work.save('First');
    rmSync(join(server.folder, 'disk'), { recursive: true });
    const refused = await work.post(`/checkpoints/${String(first.id)}/restore`);
    expect(refused).toMatchObject({ status: 404, json: { detail: expect.stringContaining('Put it back') } });
    expect(existsSync(join(server.folder, 'disk'))).toBe(false);
  });
});

describe('checkpoints of turns', () => {
  const automatic = { settings: { automaticCheckpoints: true } };

  it('save what was there before and what is there after, and let both go back', async () => {
    const server = await startTestServer(automatic);
    const work = await begin(server);
    work.write('a.txt', 'before');
    const saved = next(server, 'checkpoint.created');
    const { json } = await work.post(`/sessions/${work.id}/turns`, { input: 'Change it' });
    // The agent has its prompt only when the folder is saved.
    await work.agent.nextPrompt();
    expect(await work.list()).toHaveLength(1);
    expect((await saved).event).toMatchObject({ trigger: 'turn-started', title: 'Before “Change it”', files: 1 });
    work.write('a.txt', 'after');
    const ended = next(server, 'checkpoint.created');
    work.agent.end(json.turnId as never);
    expect((await ended).event).toMatchObject({ trigger: 'turn-ended', turnId: json.turnId, files: 1 });
    const [before] = await work.list();
    await work.post(`/checkpoints/${String(before?.id)}/restore`);
    expect(work.read('a.txt')).toBe('before');
  });

  it('are refused while a turn runs in the folder, in one above it or below it', async () => {
    const server = await startTestServer();
    const work = await begin(server);
    const inner = await begin(server, 'work/inner');
    const { id } = await work.save();
    const turn = await inner.post(`/sessions/${inner.id}/turns`, { input: 'Go' });
    const refused = await work.post(`/checkpoints/${String(id)}/restore`);
    expect(refused).toMatchObject({ status: 409, json: { kind: 'conflict' } });
    expect(refused.json.detail).toContain(inner.id);
    const ended = next(server, 'turn.ended');
    inner.agent.end(turn.json.turnId as never);
    await ended;
    expect((await work.post(`/checkpoints/${String(id)}/restore`)).status).toBe(200);
  });

  it('say once that they are given up, and begin again when somebody saves by hand', async () => {
    const bin = makeFolder();
    const server = await startTestServer({ settings: { automaticCheckpoints: true, env: { PATH: bin } } });
    const noticed = next(server, 'notice.raised');
    const work = await begin(server);
    expect((await noticed).event).toMatchObject({ level: 'warning', text: expect.stringContaining('git') });
    const play = async () => {
      const { json } = await work.post(`/sessions/${work.id}/turns`, { input: 'Go' });
      const ended = next(server, 'turn.ended');
      await work.agent.nextPrompt();
      work.agent.end(json.turnId as never);
      await ended;
    };
    await play();
    expect(await work.list()).toEqual([]);
    const git = (process.env.PATH ?? '').split(':').map((folder) => join(folder, 'git'));
    symlinkSync(git.find((file) => existsSync(file)) ?? '', join(bin, 'git'));
    expect(await work.save()).toMatchObject({ trigger: 'user' });
    work.write('a.txt', 'one');
    const saved = next(server, 'checkpoint.created');
    await play();
    expect((await saved).event).toMatchObject({ trigger: 'turn-started', files: 1 });
    const { events } = await server.engine.readEvents(work.id as never, { after: 0, limit: 100 });
    expect(events.filter(({ event }) => event.type === 'notice.raised')).toHaveLength(1);
  });

  it('belong to turns that a fork shares with its origin', async () => {
    const view = { capabilities: ['fork' as const, 'rewind' as const] };
    const server = await startTestServer({ ...automatic, scripted: { view } });
    const work = await begin(server);
    work.write('a.txt', 'one');
    const { json: turn } = await work.post(`/sessions/${work.id}/turns`, { input: 'Go' });
    await work.agent.nextPrompt();
    await work.agent.report({ type: 'turn.ended', turnId: turn.turnId as never, outcome: 'completed', point: 'p1' });
    await work.until('turn-ended');
    const { json: fork } = await work.post(`/sessions/${work.id}/fork`, {});
    work.write('a.txt', 'two');
    const rewound = await work.post(`/sessions/${String(fork.id)}/rewind`, { turnId: turn.turnId, files: true });
    expect([rewound.status, work.read('a.txt')]).toEqual([200, 'one']);
    // Its own list has what was there before.
    const own = (await server.ask(`${PATH}/${String(fork.id)}/checkpoints`)).json.items;
    expect(own).toMatchObject([{ trigger: 'restore' }]);
  });

  it('change nothing when the conversation cannot go back', async () => {
    const server = await startTestServer(automatic);
    const work = await begin(server);
    work.write('a.txt', 'one');
    const { json: turn } = await work.post(`/sessions/${work.id}/turns`, { input: 'Go' });
    await work.agent.nextPrompt();
    work.agent.end(turn.turnId as never);
    await work.until('turn-ended');
    work.write('a.txt', 'two');
    // This agent has no `rewind`.
    const refused = await work.post(`/sessions/${work.id}/rewind`, { turnId: turn.turnId, files: true });
    expect(refused).toMatchObject({ status: 422, json: { kind: 'capability-missing' } });
    expect(work.read('a.txt')).toBe('two');
    const { events } = await server.engine.readEvents(work.id as never, { after: 0, limit: 100 });
    expect(events.map(({ event }) => event.type)).not.toContain('checkpoint.restored');
  });

  it('are waited for by who goes back at once', async () => {
    const view = { capabilities: ['rewind' as const] };
    const server = await startTestServer({ ...automatic, scripted: { view } });
    const work = await begin(server);
    const { json: turn } = await work.post(`/sessions/${work.id}/turns`, { input: 'Go' });
    await work.agent.nextPrompt();
    work.write('a.txt', 'one');
    const ended = next(server, 'turn.ended');
    work.agent.end(turn.turnId as never);
    await ended;
    const rewound = await work.post(`/sessions/${work.id}/rewind`, { turnId: turn.turnId, files: true });
    expect([rewound.status, work.read('a.txt')]).toEqual([200, 'one']);
  });
});
