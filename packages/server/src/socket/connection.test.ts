import { createId, type SessionId } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { describe, expect, it } from 'vitest';
import { type LiveClient, openLive, refusedUpgrade } from '../../test/live-client.ts';
import { OWNER_KEY, startTestServer, type TestServer } from '../../test/test-server.ts';

const key = { authorization: `Bearer ${OWNER_KEY}` };

function create(server: TestServer, live: LiveClient, extra: Record<string, unknown> = {}): SessionId {
  const sessionId = createId('session');
  const command = { type: 'session.create', sessionId, cwd: server.folder, backend: 'scripted', ...extra };
  live.send({ type: 'command', id: `create-${sessionId}`, command });
  return sessionId;
}

describe('the way in', () => {
  it('is refused over plain HTTP without identity, on another path, and while the server stops', async () => {
    const { port, server } = await startTestServer();
    expect(await refusedUpgrade(port)).toMatchObject({ status: 401, type: 'application/problem+json; charset=utf-8' });
    expect((await refusedUpgrade(port, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
    expect((await refusedUpgrade(port, { headers: key }, '/')).status).toBe(404);
    server.refuseWork();
    expect((await refusedUpgrade(port, { headers: key })).status).toBe(503);
  });

  it('is limited in number, and more so for those who have not said hello', async () => {
    const few = await startTestServer({ limits: { maxSockets: 2 } });
    await openLive(few.port);
    const second = await openLive(few.port);
    expect((await refusedUpgrade(few.port, { headers: key })).status).toBe(429);
    second.socket.close();
    await second.closed;
    await openLive(few.port);

    const server = await startTestServer({ limits: { maxUngreeted: 2 } });
    for (let index = 0; index < 2; index += 1) await openLive(server.port, { hello: false });
    expect(await refusedUpgrade(server.port, { headers: key })).toMatchObject({ status: 429 });
  });

  it('negotiates no compression', async () => {
    const { port } = await startTestServer();
    const live = await openLive(port, { socket: { perMessageDeflate: true } });
    expect(live.socket.extensions).toBe('');
  });
});

describe('hello', () => {
  it('is answered with welcome, once', async () => {
    const { port } = await startTestServer();
    const live = await openLive(port);
    expect(live.frames[0]).toEqual({
      type: 'welcome',
      protocol: 1,
      serverId: expect.stringMatching(/^srv_/),
      version: '0.0.0-test',
      user: { id: 'owner', name: 'Owner', role: 'owner' },
    });
    live.send({ type: 'hello', protocol: 1, client: { name: 'again' } });
    expect((await live.until('error')).error.kind).toBe('invalid-input');
    live.send({ type: 'ping' });
    await live.until('pong');
  });

  it.each([0, 2, -1, 99])('with protocol %d is told what is spoken here, and closed', async (protocol) => {
    const { port } = await startTestServer();
    const live = await openLive(port, { hello: false });
    live.send({ type: 'hello', protocol, client: 'test' });
    expect((await live.until('error')).error.detail).toContain('protocol 1 to 1');
    expect((await live.closed).code).toBe(1002);
  });

  it('must come first', async () => {
    const { port, engine } = await startTestServer();
    const live = await openLive(port, { hello: false });
    live.send({ type: 'watch', topic: 'sessions' });
    expect((await live.until('error')).error.detail).toContain('hello');
    expect((await live.closed).code).toBe(1002);
    expect(engine.stats().subscriptions).toBe(0);
  });

  it('must come within ten seconds', async () => {
    const clock = createManualClock();
    const { port } = await startTestServer({ clock });
    const late = await openLive(port, { hello: false });
    const greeted = await openLive(port);
    clock.advance(10_000);
    expect((await late.closed).code).toBe(1002);
    greeted.send({ type: 'ping' });
    await greeted.until('pong');
  });
});

describe('a frame', () => {
  it.each([
    ['no JSON', '{"type":'],
    ['no object', '[]'],
    ['null', 'null'],
    ['without type', '{}'],
    ['of an unknown type', '{"type":"sudo"}'],
    ['with a wrong id', '{"type":"subscribe","sessionId":"x","after":0}'],
    ['with a negative seq', '{"type":"subscribe","sessionId":"ses_1","after":-1}'],
    ['with a prototype', '{"type":"ping","__proto__":{"x":1}}'],
    ['with an empty command id', '{"type":"command","id":"","command":{"type":"session.stop","sessionId":"ses_1"}}'],
  ])('that is %s is answered with an error and changes nothing', async (_name, text) => {
    const { port } = await startTestServer();
    const live = await openLive(port);
    live.sendText(text);
    expect((await live.until('error')).error.kind).toBe('invalid-input');
    live.send({ type: 'ping' });
    await live.until('pong');
  });

  it('must be text', async () => {
    const { port } = await startTestServer();
    const live = await openLive(port);
    live.socket.send(Buffer.from('{"type":"ping"}'));
    expect((await live.closed).code).toBe(1003);
  });

  it('that is too large ends the connection', async () => {
    const { port } = await startTestServer();
    const live = await openLive(port);
    live.sendText(`{"type":"ping","x":"${'x'.repeat(21 * 1024 * 1024)}"}`);
    expect((await live.closed).code).toBe(1009);
  });

  it('that is bad a hundred times in a row ends the connection', async () => {
    const { port } = await startTestServer();
    const live = await openLive(port);
    for (let index = 0; index < 100; index += 1) live.sendText('garbage');
    expect(await live.closed).toEqual({ code: 1008, reason: 'too many bad frames' });
    expect(live.frames.filter((frame) => frame.type === 'error')).toHaveLength(100);
  });

  it('that comes too fast is refused, a command with a receipt, until time has passed', async () => {
    const clock = createManualClock();
    const { port } = await startTestServer({ clock, limits: { framesPerSecond: 2 } });
    const live = await openLive(port);
    for (let index = 0; index < 12; index += 1) live.send({ type: 'ping' });
    live.send({ type: 'command', id: 'cmd_1', command: { type: 'session.stop', sessionId: 'ses_1' } });
    expect((await live.until('receipt')).error).toMatchObject({ kind: 'rate-limited', retry: true });
    expect(live.frames.filter((frame) => frame.type === 'pong')).toHaveLength(9);
    expect(live.frames.find((frame) => frame.type === 'error')?.error.kind).toBe('rate-limited');
    clock.advance(1000);
    live.send({ type: 'command', id: 'cmd_1', command: { type: 'session.stop', sessionId: 'ses_1' } });
    const served = await live.until('receipt', (frame) => frame.error?.kind === 'not-found');
    expect(served.id).toBe('cmd_1');
  });
});

describe('a command', () => {
  it('is answered with a receipt, the same for the same id', async () => {
    const server = await startTestServer();
    const live = await openLive(server.port);
    const sessionId = create(server, live);
    const receipt = await live.until('receipt');
    expect(receipt).toMatchObject({ id: `create-${sessionId}`, ok: true, result: { id: sessionId, sessionId } });
    const command = { type: 'session.create', sessionId, cwd: server.folder, backend: 'scripted' };
    const other = await openLive(server.port);
    other.send({ type: 'command', id: `create-${sessionId}`, command });
    expect(await other.until('receipt')).toEqual(receipt);
    expect((await server.engine.listSessions({ limit: 10 })).items).toHaveLength(1);
  });

  it('that cannot be read is answered with a receipt too, when it says its id', async () => {
    const { port } = await startTestServer();
    const live = await openLive(port);
    live.send({ type: 'command', id: 'cmd_unknown', command: { type: 'session.dance' } });
    const refused = await live.until('receipt', (frame) => frame.id === 'cmd_unknown');
    expect(refused).toMatchObject({ ok: false, error: { kind: 'invalid-input', status: 400 } });
    expect(live.frames.some((frame) => frame.type === 'error')).toBe(false);
    live.send({ type: 'command', id: 7, command: {} });
    expect((await live.until('error')).error.kind).toBe('invalid-input');
  });

  it('may follow the making of its session at once, and so may a subscription', async () => {
    const server = await startTestServer();
    const live = await openLive(server.port);
    const sessionId = create(server, live);
    live.send({ type: 'subscribe', sessionId, after: 0 });
    live.send({ type: 'command', id: 'turn-1', command: { type: 'turn.start', sessionId, input: 'Hi' } });
    const receipt = await live.until('receipt', (frame) => frame.id === 'turn-1');
    expect(receipt).toMatchObject({ ok: true, result: { state: 'started' } });
    await live.until('event', (frame) => frame.event.type === 'turn.started');
    expect(live.frames.some((frame) => frame.type === 'error')).toBe(false);
  });

  it('is refused for a folder that is not allowed, as over HTTP', async () => {
    const server = await startTestServer();
    const live = await openLive(server.port);
    create(server, live, { cwd: '/' });
    expect((await live.until('receipt')).error?.kind).toBe('forbidden');
  });
});

describe('a subscription', () => {
  it('yields events in order, the border, deltas, and resumes after a seq', async () => {
    const server = await startTestServer();
    const live = await openLive(server.port);
    const sessionId = create(server, live, { prompt: 'Hi' });
    const agent = await server.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    live.send({ type: 'subscribe', sessionId, after: 0 });
    await live.until('caught-up');
    agent.say(turnId, 'Hel', 'lo');
    agent.end(turnId);
    await live.until('event', (frame) => frame.event.type === 'turn.ended');
    const seqs = live.frames.flatMap((frame) => (frame.type === 'event' ? [frame.seq] : []));
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    const deltas = live.frames.flatMap((frame) => (frame.type === 'delta' ? [[frame.offset, frame.text]] : []));
    expect(deltas).toEqual([
      [0, 'Hel'],
      [3, 'lo'],
    ]);

    const second = await openLive(server.port);
    second.send({ type: 'subscribe', sessionId, after: 3 });
    await second.until('caught-up', (frame) => frame.seq === seqs.at(-1));
    expect(second.frames.flatMap((frame) => (frame.type === 'event' ? [frame.seq] : []))).toEqual(seqs.slice(3));
  });

  it('of an unknown session is an error that names it, and takes no place', async () => {
    const server = await startTestServer({ limits: { maxSubscriptions: 1 } });
    const live = await openLive(server.port);
    live.send({ type: 'subscribe', sessionId: 'ses_none', after: 0 });
    expect(await live.until('error')).toMatchObject({ sessionId: 'ses_none', error: { kind: 'not-found' } });
    const sessionId = create(server, live);
    live.send({ type: 'subscribe', sessionId, after: 0 });
    await live.until('caught-up');
  });

  it('ends with unsubscribe and with the connection', async () => {
    const server = await startTestServer();
    const live = await openLive(server.port);
    const sessionId = create(server, live);
    live.send({ type: 'subscribe', sessionId, after: 0 });
    await live.until('caught-up');
    expect(server.engine.stats().subscriptions).toBe(1);
    live.send({ type: 'unsubscribe', sessionId });
    live.send({ type: 'ping' });
    await live.until('pong');
    expect(server.engine.stats().subscriptions).toBe(0);
    live.send({ type: 'subscribe', sessionId, after: 0 });
    await expect.poll(() => server.engine.stats().subscriptions).toBe(1);
    live.socket.close();
    await expect.poll(() => server.engine.stats().subscriptions).toBe(0);
  });

  it('is limited in number per connection', async () => {
    const server = await startTestServer({ limits: { maxSubscriptions: 1 } });
    const live = await openLive(server.port);
    const first = create(server, live);
    const second = create(server, live);
    live.send({ type: 'subscribe', sessionId: first, after: 0 });
    await live.until('caught-up');
    live.send({ type: 'subscribe', sessionId: second, after: 0 });
    expect(await live.until('error')).toMatchObject({ sessionId: second, error: { kind: 'quota-exceeded' } });
    live.send({ type: 'subscribe', sessionId: first, after: 1 });
    await live.until('caught-up', (frame) => frame.seq > 0);
  });

  it('loses nothing durable for a reader that pauses, and slows nobody', async () => {
    const server = await startTestServer();
    const live = await openLive(server.port);
    const quick = await openLive(server.port);
    const sessionId = create(server, live, { prompt: 'Go' });
    const agent = await server.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    for (const client of [live, quick]) {
      client.send({ type: 'subscribe', sessionId, after: 0 });
      await client.until('caught-up');
    }
    live.socket.pause();
    const text = 'x'.repeat(200_000);
    for (let index = 0; index < 200; index += 1) agent.say(turnId, `${index} ${text}`);
    agent.end(turnId);
    const last = await quick.until('event', (frame) => frame.event.type === 'turn.ended');
    live.socket.resume();
    await live.until('event', (frame) => frame.seq === last.seq);
    const seqs = live.frames.flatMap((frame) => (frame.type === 'event' ? [frame.seq] : []));
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });
});

describe('a topic', () => {
  it('begins with a snapshot and follows changes until unwatched', async () => {
    const server = await startTestServer();
    const live = await openLive(server.port);
    for (const topic of ['sessions', 'approvals', 'notices']) live.send({ type: 'watch', topic });
    await live.until('topic', (frame) => frame.topic === 'sessions');
    await live.until('topic', (frame) => frame.topic === 'approvals');
    const sessionId = create(server, live);
    const changed = await live.until('topic', (frame) => frame.topic === 'sessions' && frame.data.kind === 'changed');
    expect(changed.data).toMatchObject({ session: { id: sessionId } });
    for (const topic of ['sessions', 'approvals', 'notices']) live.send({ type: 'unwatch', topic });
  });
});

describe('silence', () => {
  it('is asked about with a ping, and ends a connection after a minute', async () => {
    const clock = createManualClock();
    const { port } = await startTestServer({ clock });
    const silent = await openLive(port, { socket: { autoPong: false } });
    const pings: number[] = [];
    silent.socket.on('ping', () => pings.push(clock.now()));
    const answering = await openLive(port);
    const pinged = new Promise((resolve) => answering.socket.once('ping', resolve));
    clock.advance(20_000);
    await pinged;
    await expect.poll(() => pings.length).toBe(1);
    // The pong is on its way; a frame of ours after it is heard after it.
    answering.send({ type: 'ping' });
    await answering.until('pong');
    clock.advance(41_000);
    expect((await silent.closed).code).toBe(1006);
    answering.send({ type: 'watch', topic: 'sessions' });
    await answering.until('topic');
  });
});

describe('the end of the server', () => {
  it('is told to every connection', async () => {
    const { port, server } = await startTestServer();
    const live = await openLive(port);
    const silent = await openLive(port, { hello: false });
    await server.close();
    expect((await live.closed).code).toBe(1001);
    expect((await silent.closed).code).toBe(1001);
  });
});
