import { createId, type SessionId, recordedEventSchema } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { describe, expect, it, vi } from 'vitest';
import { openEventSource } from '../../test/event-source.ts';
import { OWNER_KEY, startTestServer, type TestServer } from '../../test/test-server.ts';

async function makeSession(server: TestServer, prompt?: string): Promise<SessionId> {
  const body = { cwd: server.folder, backend: 'scripted', id: createId('session'), ...(prompt && { prompt }) };
  const answer = await server.ask('/api/v1/sessions', { method: 'POST', body });
  expect(answer.status).toBe(201);
  // The agent has said what it offers: nothing comes any more that nobody asked for.
  await vi.waitFor(
    async () => expect((await server.ask(`/api/v1/sessions/${body.id}`)).json).toHaveProperty('agent'),
    60_000,
  );
  return body.id;
}

describe('GET /sessions/:id/events', () => {
  it('is a JSON page without Accept: text/event-stream', async () => {
    const server = await startTestServer();
    const id = await makeSession(server);
    const all = await server.ask(`/api/v1/sessions/${id}/events`);
    const events = all.json['events'] as unknown[];
    expect(events.map((event) => recordedEventSchema.parse(event).seq)).toEqual(events.map((_, index) => index + 1));
    const page = await server.ask(`/api/v1/sessions/${id}/events?after=1&limit=1`);
    expect(page.json).toEqual({ events: [events[1]], seq: all.json['seq'] });
    expect((await server.ask('/api/v1/sessions/ses_none/events')).status).toBe(404);
    expect((await server.ask(`/api/v1/sessions/${id}/events?after=-1`)).status).toBe(400);
  });

  it('streams the past, the border, and what comes after it, with deltas', async () => {
    const server = await startTestServer();
    const id = await makeSession(server, 'Hello');
    const agent = await server.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const source = await openEventSource(server.port, `/api/v1/sessions/${id}/events`);
    expect(source.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const border = await source.until((event) => event.event === 'caught-up');
    expect(border.id).toBeUndefined();
    agent.say(turnId, 'Hel', 'lo');
    agent.end(turnId);
    await source.until((event) => (event.data?.['event'] as { type?: string } | undefined)?.type === 'turn.ended');
    const recorded = source.events.filter((event) => event.id !== undefined);
    expect(recorded.map((event) => Number(event.id))).toEqual(recorded.map((_, index) => index + 1));
    for (const event of recorded) {
      expect(event.event).toBeUndefined();
      expect(recordedEventSchema.parse(event.data).seq).toBe(Number(event.id));
    }
    const deltas = source.events.filter((event) => event.event === 'delta');
    expect(deltas.map((event) => [event.data?.['offset'], event.data?.['text'], event.id])).toEqual([
      [0, 'Hel', undefined],
      [3, 'lo', undefined],
    ]);
  });

  it('goes on after Last-Event-ID, which wins over the address', async () => {
    const server = await startTestServer();
    const id = await makeSession(server);
    const open = (query: string, headers?: Record<string, string>) =>
      openEventSource(server.port, `/api/v1/sessions/${id}/events${query}`, headers);
    const resumed = await open('?after=0', { 'last-event-id': '2' });
    expect((await resumed.until((event) => event.id !== undefined)).id).toBe('3');
    const after = await open('?after=1');
    expect((await after.until((event) => event.id !== undefined)).id).toBe('2');
    const garbage = await open('', { 'last-event-id': 'abc' });
    expect(garbage.response.statusCode).toBe(400);
  });

  it('asks who is there, and for which session', async () => {
    const server = await startTestServer();
    const id = await makeSession(server);
    const nobody = await openEventSource(server.port, `/api/v1/sessions/${id}/events`, { authorization: 'Bearer no' });
    expect(nobody.response.statusCode).toBe(401);
    const nowhere = await openEventSource(server.port, '/api/v1/sessions/ses_none/events');
    expect(nowhere.response.statusCode).toBe(404);
  });

  it('says every 15 seconds that it is still there', async () => {
    const clock = createManualClock();
    const server = await startTestServer({ clock });
    const id = await makeSession(server);
    const source = await openEventSource(server.port, `/api/v1/sessions/${id}/events`);
    await source.until((event) => event.event === 'caught-up');
    clock.advance(15_000);
    expect((await source.until((event) => event.comment !== undefined)).comment).toBe('still here');
  });

  it('ends when its session is deleted, after saying so', async () => {
    const server = await startTestServer();
    const id = await makeSession(server);
    const source = await openEventSource(server.port, `/api/v1/sessions/${id}/events`);
    await source.until((event) => event.event === 'caught-up');
    await server.ask(`/api/v1/sessions/${id}`, { method: 'DELETE' });
    await source.ended;
    expect(source.events.at(-1)).toMatchObject({ event: 'error', data: { error: { kind: 'not-found' } } });
  });

  it('ends when the server stops', async () => {
    const server = await startTestServer();
    const id = await makeSession(server);
    const source = await openEventSource(server.port, `/api/v1/sessions/${id}/events`);
    await source.until((event) => event.event === 'caught-up');
    await server.server.close();
    await source.ended;
    expect(source.response.complete).toBe(true);
  });

  it('ends when the browser that opened it signs out', async () => {
    const server = await startTestServer();
    const id = await makeSession(server);
    const signIn = { method: 'POST', body: { key: OWNER_KEY } };
    const cookie =
      String((await server.askAsNobody('/api/v1/sign-in', signIn)).headers['set-cookie']).split(';')[0] ?? '';
    const mine = await openEventSource(server.port, `/api/v1/sessions/${id}/events`, { cookie });
    await mine.until((event) => event.event === 'caught-up');
    await server.askAsNobody('/api/v1/sign-out', { method: 'POST', headers: { cookie } });
    await mine.ended;
    expect(mine.response.complete).toBe(true);
  });

  it('is limited in number', async () => {
    const server = await startTestServer({ limits: { maxStreams: 1 } });
    const id = await makeSession(server);
    await openEventSource(server.port, `/api/v1/sessions/${id}/events`);
    const second = await openEventSource(server.port, `/api/v1/sessions/${id}/events`);
    expect(second.response.statusCode).toBe(429);
    expect(second.response.headers['retry-after']).toBe('1');
  });

  it('loses nothing to a reader that pauses, and holds little for it', async () => {
    const server = await startTestServer();
    const id = await makeSession(server, 'Go');
    const agent = await server.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const source = await openEventSource(server.port, `/api/v1/sessions/${id}/events`);
    await source.until((event) => event.event === 'caught-up');
    source.response.pause();
    const text = 'x'.repeat(100_000);
    for (let index = 0; index < 200; index += 1) agent.say(turnId, `${index} ${text}`);
    agent.end(turnId);
    await expect.poll(async () => (await server.engine.readView(id))?.turn).toBeUndefined();
    source.response.resume();
    const seq = (await server.engine.readView(id))?.seq;
    await source.until((event) => event.id === String(seq));
    const ids = source.events.filter((event) => event.id !== undefined).map((event) => Number(event.id));
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  });
});
