import { ROUTES, type SessionId, type SessionView } from '@baton/protocol';
import { expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../test/test-server.ts';

const post = (body: unknown) => ({ method: 'POST', body });

async function makeSession(server: TestServer, extra: Record<string, unknown> = {}): Promise<SessionView> {
  const body = { cwd: server.folder, backend: 'scripted', prompt: 'go', ...extra };
  return ROUTES.createSession.response.parse((await server.ask('/api/v1/sessions', post(body))).json);
}

const idsOf = (json: unknown) => ROUTES.listQueue.response.parse(json).items.map(({ sessionId }) => sessionId);

it('shows who waits for a place and lets the order be changed', async () => {
  const server = await startTestServer({ agentLimits: { inAll: 1, perUser: 0 } });
  const read = async () => idsOf((await server.ask('/api/v1/queue')).json);
  const move = (id: SessionId, body: unknown) => server.ask(`/api/v1/queue/${id}`, post(body));
  const first = await makeSession(server);
  await (await server.scripted.nextAgent()).nextPrompt();
  expect(await read()).toEqual([]);
  const task = await makeSession(server, { background: true });
  const second = await makeSession(server);
  expect(await read()).toEqual([second.id, task.id]);
  expect((await server.ask('/api/v1/queue')).json).toMatchObject({
    items: [{ because: 'all-taken' }, { because: 'all-taken', background: true }],
    running: [{ sessionId: first.id, by: first.turn?.by }],
    limits: { inAll: 1, perUser: 0 },
  });
  expect((await server.ask(`/api/v1/sessions/${task.id}`)).json).toMatchObject({
    state: 'starting',
    background: true,
    waiting: { position: 2 },
  });
  expect(idsOf((await move(task.id, { move: 'first' })).json)).toEqual([task.id, second.id]);
  expect((await move(first.id, { move: 'first' })).status).toBe(409);
  expect((await move(task.id, { move: 'up' })).status).toBe(400);
  await server.ask(`/api/v1/sessions/${task.id}/stop`, post({}));
  expect(await read()).toEqual([second.id]);
  await server.ask(`/api/v1/sessions/${first.id}/stop`, post({}));
  expect((await server.scripted.nextAgent()).options.sessionId).toBe(second.id);
  expect(await read()).toEqual([]);
});

it('keeps the choice to stop a session that nobody watches', async () => {
  const server = await startTestServer();
  const { id } = await makeSession(server);
  const patch = (body: unknown) => server.ask(`/api/v1/sessions/${id}`, { method: 'PATCH', body });
  expect((await patch({ stopUnwatchedMinutes: 15 })).json).toMatchObject({ stopUnwatchedMinutes: 15 });
  expect((await patch({ stopUnwatchedMinutes: 0 })).json).not.toHaveProperty('stopUnwatchedMinutes');
  expect((await patch({ stopUnwatchedMinutes: -1 })).status).toBe(400);
});
