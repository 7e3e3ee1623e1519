import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTES, type SessionView } from '@baton/protocol';
import { describe, expect, it } from 'vitest';
import { makeFolder, startTestServer, type TestServer } from '../../test/test-server.ts';

const post = (body: unknown = {}, headers: Record<string, string> = {}) => ({ method: 'POST', body, headers });

async function makeSession(server: TestServer, extra: Record<string, unknown> = {}): Promise<SessionView> {
  const body = { cwd: server.folder, backend: 'scripted', ...extra };
  const answer = await server.ask('/api/v1/sessions', post(body));
  expect([answer.status, answer.json['detail']]).toEqual([201, undefined]);
  return ROUTES.createSession.response.parse(answer.json);
}

describe('POST /sessions', () => {
  it('makes a session and says where it is', async () => {
    const server = await startTestServer();
    const answer = await server.ask(
      '/api/v1/sessions',
      post({ cwd: server.folder, backend: 'scripted', title: 'One' }),
    );
    const view = ROUTES.createSession.response.parse(answer.json);
    expect(view).toMatchObject({ title: 'One', backend: 'scripted', cwd: server.folder });
    expect([answer.status, answer.headers['location']]).toEqual([201, `/api/v1/sessions/${view.id}`]);
    expect((await server.ask(`/api/v1/sessions/${view.id}`)).json).toMatchObject({ id: view.id, title: 'One' });
  });

  it('starts a turn with a prompt', async () => {
    const server = await startTestServer();
    await makeSession(server, { prompt: 'Hello' });
    const prompt = await (await server.scripted.nextAgent()).nextPrompt();
    expect(prompt.input).toEqual([{ type: 'text', text: 'Hello' }]);
  });

  it('gives an agent no half of a character, which none could take', async () => {
    const server = await startTestServer();
    await makeSession(server, { prompt: 'cut \ud83d, whole \ud83d\ude00 and \u2028' });
    const prompt = await (await server.scripted.nextAgent()).nextPrompt();
    expect(prompt.input).toEqual([{ type: 'text', text: 'cut \ufffd, whole \ud83d\ude00 and \u2028' }]);
  });

  it('has one effect when it is repeated with the same id or the same Idempotency-Key', async () => {
    const server = await startTestServer();
    const byId = { cwd: server.folder, backend: 'scripted', id: 'ses_mine', prompt: 'once' };
    const first = await server.ask('/api/v1/sessions', post(byId));
    const second = await server.ask('/api/v1/sessions', post(byId));
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);

    const byKey = { cwd: server.folder, backend: 'scripted' };
    const third = await server.ask('/api/v1/sessions', post(byKey, { 'idempotency-key': 'abc' }));
    const fourth = await server.ask('/api/v1/sessions', post(byKey, { 'idempotency-key': 'abc' }));
    const other = await server.ask('/api/v1/sessions', post(byKey, { 'idempotency-key': 'abd' }));
    expect(fourth.json['id']).toBe(third.json['id']);
    expect(other.json['id']).not.toBe(third.json['id']);
    expect((await server.engine.listSessions({ limit: 10 })).items).toHaveLength(3);
  });

  it('does not take the same Idempotency-Key on another route for the same command', async () => {
    const server = await startTestServer();
    const headers = { 'idempotency-key': 'same' };
    const one = await server.ask('/api/v1/sessions', post({ cwd: server.folder, backend: 'scripted' }, headers));
    const id = String(one.json['id']);
    const turn = await server.ask(`/api/v1/sessions/${id}/turns`, post({ input: 'hi' }, headers));
    expect([turn.status, turn.json['state']]).toEqual([202, 'started']);
    expect((await server.ask(`/api/v1/sessions/${id}/turns`, post({ input: 'hi' }, headers))).text).toBe(turn.text);
  });

  it('refuses the same Idempotency-Key, or id, with another body, and leaves what was made alone', async () => {
    const server = await startTestServer();
    const headers = { 'idempotency-key': 'same' };
    const body = { cwd: server.folder, backend: 'scripted', title: 'One' };
    const made = await server.ask('/api/v1/sessions', post(body, headers));
    const other = await server.ask('/api/v1/sessions', post({ ...body, title: 'Two' }, headers));
    expect([other.status, other.json['kind']]).toEqual([409, 'conflict']);
    expect(other.json['detail']).toContain('Idempotency-Key');
    const { id } = ROUTES.createSession.response.parse(made.json);
    const turn = (input: string) => server.ask(`/api/v1/sessions/${id}/turns`, post({ id: 'trn_mine', input }));
    expect([(await turn('one')).status, (await turn('two')).status]).toEqual([202, 409]);
    expect((await server.engine.listSessions({ limit: 10 })).items.map(({ title }) => title)).toEqual(['One']);
  });

  it.each(['', 'x'.repeat(256)])('refuses an Idempotency-Key of a wrong length', async (key) => {
    const server = await startTestServer();
    const body = { cwd: server.folder, backend: 'scripted' };
    const answer = await server.ask('/api/v1/sessions', post(body, { 'idempotency-key': key }));
    expect(answer.status).toBe(400);
  });

  it('refuses folders that are not there, not folders, or not allowed, links included', async () => {
    const server = await startTestServer();
    const outside = makeFolder();
    const file = join(server.folder, 'file');
    writeFileSync(file, '');
    symlinkSync(outside, join(server.folder, 'way-out'));
    const tell = async (cwd: string) => {
      const answer = await server.ask('/api/v1/sessions', post({ cwd, backend: 'scripted' }));
      return [answer.status, answer.json['kind']];
    };
    expect(await tell(join(server.folder, 'nowhere'))).toEqual([400, 'invalid-input']);
    expect(await tell(file)).toEqual([400, 'invalid-input']);
    expect(await tell('relative')).toEqual([400, 'invalid-input']);
    expect(await tell(`${server.folder}\0`)).toEqual([400, 'invalid-input']);
    expect(await tell('')).toEqual([400, 'invalid-input']);
    expect(await tell(outside)).toEqual([403, 'forbidden']);
    expect(await tell(`${server.folder}/../${outside.split('/').at(-1)}`)).toEqual([403, 'forbidden']);
    expect(await tell(join(server.folder, 'way-out'))).toEqual([403, 'forbidden']);
    expect(await tell(`${server.folder}-sibling`)).toEqual([403, 'forbidden']);
    expect(await tell('/')).toEqual([403, 'forbidden']);
    expect((await server.engine.listSessions({ limit: 10 })).items).toEqual([]);
  });

  it('names the backends there are, and says when one is not installed', async () => {
    const server = await startTestServer();
    const unknown = await server.ask('/api/v1/sessions', post({ cwd: server.folder, backend: 'nope' }));
    expect([unknown.status, unknown.json['detail']]).toEqual([400, expect.stringContaining('"scripted"')]);
    expect(unknown.json['issues']).toMatchObject([{ path: 'backend' }]);
    const view = { installed: false, problem: 'The agent is not installed (looked in PATH)' };
    const bare = await startTestServer({ scripted: { view } });
    const missing = await bare.ask('/api/v1/sessions', post({ cwd: bare.folder, backend: 'scripted' }));
    expect([missing.status, missing.json['kind']]).toEqual([424, 'backend-not-installed']);
    expect(missing.json['detail']).toContain('looked in PATH');
  });
});

describe('a session over HTTP', () => {
  it('is listed, changed, archived and deleted', async () => {
    const server = await startTestServer();
    const { id } = await makeSession(server);
    const patch = (body: unknown) => server.ask(`/api/v1/sessions/${id}`, { method: 'PATCH', body });
    const titled = await patch({ title: 'New', archived: true });
    expect(ROUTES.patchSession.response.parse(titled.json)).toMatchObject({ title: 'New', archived: true });
    expect((await patch({})).status).toBe(400);
    expect((await patch({ title: 'x', owner: 'me' })).status).toBe(400);
    const list = async (query: string) =>
      ROUTES.listSessions.response.parse((await server.ask(`/api/v1/sessions${query}`)).json).items.length;
    expect([await list(''), await list('?archived=true'), await list('?q=NEW&archived=true')]).toEqual([0, 1, 1]);
    expect((await server.ask(`/api/v1/sessions/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await server.ask(`/api/v1/sessions/${id}`)).status).toBe(404);
    expect((await server.ask(`/api/v1/sessions/${id}`, { method: 'DELETE' })).status).toBe(404);
  });

  it('runs a turn, queues another, unqueues it, is interrupted, stopped and started', async () => {
    const server = await startTestServer();
    const { id } = await makeSession(server);
    const act = (path: string, body?: unknown, method = 'POST') =>
      server.ask(`/api/v1/sessions/${id}${path}`, body === undefined ? { method } : { method, body });
    const agent = await server.scripted.nextAgent();
    const first = await act('/turns', { input: 'one' });
    expect([first.status, first.json['state']]).toEqual([202, 'started']);
    const second = await act('/turns', { id: 'trn_two', input: [{ type: 'text', text: 'two' }] });
    expect(second.json).toEqual({ turnId: 'trn_two', state: 'queued' });
    expect((await act('/turns/trn_two', undefined, 'DELETE')).status).toBe(204);
    const prompt = await agent.nextPrompt();
    const interrupted = await act('/interrupt');
    expect(interrupted.status).toBe(202);
    expect(ROUTES.interruptSession.response.parse(interrupted.json).turn?.interrupting).toBe(true);
    await agent.nextInterrupt();
    agent.end(prompt.turnId, 'interrupted');
    expect((await act('/stop')).status).toBe(202);
    expect((await act('/start')).status).toBe(202);
    expect((await act('/turns/trn_nope', undefined, 'DELETE')).status).toBeGreaterThanOrEqual(404);
  });

  it('keeps its environment to itself', async () => {
    const server = await startTestServer();
    const { id } = await makeSession(server, { env: { MY_TOKEN: 'hunter2-hunter2' } });
    const answers = [
      await server.ask(`/api/v1/sessions/${id}`),
      await server.ask('/api/v1/sessions'),
      await server.ask(`/api/v1/sessions/${id}/events`),
    ];
    for (const answer of answers) expect(answer.text).not.toContain('hunter2');
    expect((await server.scripted.nextAgent()).options.env).toMatchObject({ MY_TOKEN: 'hunter2-hunter2' });
  });

  it('asks for approval in the inbox, where the first answer wins', async () => {
    const server = await startTestServer();
    await makeSession(server, { prompt: 'touch it' });
    const agent = await server.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const approvalId = agent.ask(turnId);
    await expect
      .poll(async () => (await server.ask('/api/v1/approvals?state=pending')).json['items'])
      .toEqual([expect.objectContaining({ id: approvalId, state: 'pending' })]);
    const answer = (option: string) => server.ask(`/api/v1/approvals/${approvalId}/answer`, post({ option }));
    expect((await answer('maybe')).status).toBe(400);
    const first = await answer('allow');
    expect(ROUTES.answerApproval.response.parse(first.json)).toMatchObject({ state: 'answered', option: 'allow' });
    const late = await answer('deny');
    expect([late.status, late.json['kind']]).toEqual([409, 'approval-already-answered']);
    expect((await server.ask('/api/v1/approvals/apr_none/answer', post({ option: 'allow' }))).status).toBe(404);
  });
});
