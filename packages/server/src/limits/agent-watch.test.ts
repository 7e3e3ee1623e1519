import { fileURLToPath } from 'node:url';
import type { AgentReport } from '@baton/core';
import { type AgentProcess, startProcess, toServerMarker } from '@baton/runner';
import { createManualClock, type ScriptedAgent } from '@baton/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTestServer, type TestServerOptions } from '../../test/test-server.ts';
import { WATCH_MS } from './agent-watch.ts';

const MIB = 1024 ** 2;
const PROGRAM = fileURLToPath(new URL('../../../testkit/src/program/grandchild-takes-memory.ts', import.meta.url));

interface Started {
  process: AgentProcess;
  full: Promise<unknown>;
}

/** A server whose agents are real programs: each has a grandchild that fills 200 MB. `pool`: sessions share the first one. */
async function setUp({ memoryMb, pool }: { memoryMb: number; pool?: string }) {
  const clock = createManualClock();
  const started: Started[] = [];
  let marker = '';

  async function start(session: string): Promise<Started> {
    const full = Promise.withResolvers<unknown>();
    const process = await startProcess({
      ...{ command: globalThis.process.execPath, args: [PROGRAM, '200'], cwd: import.meta.dirname },
      env: { PATH: globalThis.process.env['PATH'] ?? '' },
      marker: { session: pool ?? session, server: marker },
      onLine: full.resolve,
      ...{ onOverlongLine() {}, onStderrLine() {} },
      onExit: ({ code, signal }) => exits.forEach((tell) => tell({ code, signal })),
    });
    onTestFinished(() => process.stop());
    return { process, full: full.promise };
  }

  async function play({ options: { sessionId, report } }: ScriptedAgent): Promise<void> {
    const mine = pool === undefined ? await start(sessionId) : (started[0] ?? (await start(sessionId)));
    if (!started.includes(mine)) started.push(mine);
    await mine.full;
    const tell = (each: AgentReport) => void report(each);
    exits.push((end) => tell({ type: 'agent.exited', ...end, expected: false }));
    tell({ type: 'agent.started', pid: mine.process.pid, version: '1' });
  }

  const exits: ((end: { code: number | null; signal: string | null }) => void)[] = [];
  const options: TestServerOptions = {
    clock,
    settings: {
      agentUse: {
        ...{ memoryBytes: memoryMb * MIB, memoryNoticeBytes: memoryMb * 0.5 * MIB },
        ...{ busyCores: 1, busyMs: 0, busyNoticeMs: 600_000 },
      },
    },
    scripted: {
      onOpen: (agent) => void play(agent),
      session: { stop: async () => (pool === undefined ? started[0]?.process.stop() : undefined) },
    },
  };
  const server = await startTestServer(options);
  marker = toServerMarker(server.folder);

  async function open(): Promise<string> {
    const body = { cwd: server.folder, backend: 'scripted', prompt: 'go' };
    const { json } = await server.ask('/api/v1/sessions', { method: 'POST', body });
    const { id } = json as { id: string };
    await until(async () => (await read(id)).some(({ type }) => type === 'agent.started'));
    return id;
  }

  async function read(id: string): Promise<{ type: string; text?: string; error?: { message: string } }[]> {
    const { json } = await server.ask(`/api/v1/sessions/${id}/events?limit=100`);
    return (json as { events: { event: { type: string } }[] }).events.map(({ event }) => event);
  }

  /** Looks again and again until the session's log holds it. */
  async function waitFor(id: string, type: string): Promise<Awaited<ReturnType<typeof read>>[number]> {
    let found: Awaited<ReturnType<typeof read>>[number] | undefined;
    await until(async () => {
      clock.advance(WATCH_MS);
      found = (await read(id)).find((event) => event.type === type);
      return found !== undefined;
    });
    if (found === undefined) throw new Error(`No ${type}`);
    return found;
  }

  return { server, started, open, read, waitFor };
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await new Promise((resolve) => setImmediate(resolve));
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.runIf(process.platform === 'linux')('the watch over agents', () => {
  test('tells a session what its agent and all it started hold', async () => {
    const { open, waitFor, read } = await setUp({ memoryMb: 380 });
    const id = await open();
    const { text } = await waitFor(id, 'notice.raised');
    expect(text).toMatch(/^The agent, with all that it started, holds [23]\d\d MB .* beyond 380 MB/);
    expect((await read(id)).filter(({ type }) => type === 'agent.exited')).toEqual([]);
  });

  test('ends an agent whose grandchild takes too much, and its turn with the reason', async () => {
    const { open, waitFor, read, started } = await setUp({ memoryMb: 190 });
    const id = await open();
    const { error } = await waitFor(id, 'turn.ended');
    expect(error?.message).toMatch(/used \d{3} MB of the 190 MB that BATON_AGENT_MEMORY_MB allows, and was ended/);
    expect((await read(id)).find(({ type }) => type === 'agent.exited')).toMatchObject({ expected: false });
    expect(isAlive(started[0]?.process.pid ?? 0)).toBe(false);
  });

  test('ends a process that sessions share, and both of their turns', async () => {
    const { open, waitFor, started, server } = await setUp({ memoryMb: 95, pool: 'shared' });
    const ids = [await open(), await open()];
    expect((await server.ask('/api/v1/health')).json).toMatchObject({
      details: { agents: [{ title: 'Shared by 2 sessions', backend: 'scripted', processes: 3 }] },
    });
    for (const id of ids) {
      const { error } = await waitFor(id, 'turn.ended');
      expect(error?.message).toMatch(/shares with another session.* of the 190 MB that 2 sessions may use, each 95 MB/);
    }
    await started[0]?.process.stop();
    expect(isAlive(started[0]?.process.pid ?? 0)).toBe(false);
  });
});
