import { describe, expect, it } from 'vitest';
import { openLive } from '../../test/live-client.ts';
import { startTestServer } from '../../test/test-server.ts';

describe('GET /health', () => {
  it('tells nobody more than the status and the version, whatever key they try', async () => {
    const server = await startTestServer();
    const open = { status: 'ok', version: '0.0.0-test' };
    expect((await server.askAsNobody('/api/v1/health')).json).toEqual(open);
    const wrong = await server.askAsNobody('/api/v1/health', { headers: { authorization: 'Bearer wrong' } });
    expect(wrong.json).toEqual(open);
  });

  it('tells whoever has an identity how store, agents, disk and event loop do', async () => {
    const server = await startTestServer();
    await server.ask('/api/v1/sessions', {
      method: 'POST',
      body: { cwd: server.folder, backend: 'scripted' },
    });
    const { json } = await server.ask('/api/v1/health');
    expect(json).toMatchObject({
      status: 'ok',
      details: {
        at: expect.stringMatching(/Z$/),
        uptimeMs: expect.any(Number),
        process: { pid: process.pid, rssBytes: expect.any(Number) },
        eventLoop: { p50Ms: expect.any(Number), p99Ms: expect.any(Number) },
        sessions: { total: 2, archived: 1, live: 1, running: 0, waiting: 0 },
        queuedTurns: 0,
        connections: { sockets: 0, streams: 0 },
        store: { writable: true, commits: 3, lastCommitMs: 1.5, bytes: 8192 },
        disk: { freeBytes: expect.any(Number), totalBytes: expect.any(Number) },
        backends: [{ id: 'scripted', installed: true, authenticated: 'yes' }],
      },
    });
  });
});

describe('the runner in GET /health', () => {
  it('is told of with what it holds and takes', async () => {
    // A process that is there; its memory is measured.
    const current = { pid: process.pid, agents: 2 };
    const server = await startTestServer({ readRunners: () => ({ state: 'ready', current, earlier: [] }) });
    const { json } = await server.ask('/api/v1/health');
    const runner = { state: 'ready', current: { ...current, rssBytes: expect.any(Number) }, earlier: [] };
    expect(json).toMatchObject({ details: { runner } });
  });
});

describe('the probes', () => {
  it('are open and tell a status and nothing else', async () => {
    const server = await startTestServer();
    for (const path of ['live', 'ready']) {
      const answer = await server.askAsNobody(`/api/v1/health/${path}`);
      expect(answer.status).toBe(200);
      expect(answer.json).toEqual({ status: 'ok' });
    }
  });

  it('say not ready while writes fail, and while the server stops; it lives all the same', async () => {
    let writable = false;
    const server = await startTestServer({ isWritable: () => writable });
    expect((await server.askAsNobody('/api/v1/health/ready')).status).toBe(503);
    expect((await server.askAsNobody('/api/v1/health')).json).toMatchObject({ status: 'degraded' });
    writable = true;
    expect((await server.askAsNobody('/api/v1/health/ready')).status).toBe(200);
    server.server.refuseWork();
    expect((await server.askAsNobody('/api/v1/health/ready')).status).toBe(503);
    expect((await server.askAsNobody('/api/v1/health/live')).status).toBe(200);
  });
});

describe('the topic "server"', () => {
  it('tells a measurement at once and then at least one a second, each within 100 ms of being made', async () => {
    const server = await startTestServer();
    const live = await openLive(server.port);
    const ages: number[] = [];
    const times: number[] = [];
    live.socket.on('message', (data: Buffer) => {
      const at = /"at":"([^"]+)"/.exec(data.toString())?.[1];
      if (at === undefined) return;
      times.push(performance.now());
      ages.push(Date.now() - Date.parse(at));
    });
    live.send({ type: 'watch', topic: 'server' });
    const first = await live.until('topic', ({ topic }) => topic === 'server');
    expect(first.data).toMatchObject({ connections: { sockets: 1 } });
    await live.untilNext('topic');
    await live.untilNext('topic');
    // The best of three: the others may meet a busy machine.
    expect(Math.min(...ages)).toBeLessThan(100);
    expect(Math.min((times[1] ?? 0) - (times[0] ?? 0), (times[2] ?? 0) - (times[1] ?? 0))).toBeLessThan(1500);
    live.send({ type: 'unwatch', topic: 'server' });
    live.send({ type: 'ping' });
    await live.until('pong');
  });
});
